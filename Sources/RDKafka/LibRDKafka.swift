internal import CLibRDKafka

/// The client library that is linked.
public enum LibRDKafka {
    /// Its version as text, such as `2.0.2`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// Its version as a number: two hexadecimal digits each for major, minor, revision and pre-release (`0xff`: none).
    public static var versionNumber: UInt32 { UInt32(bitPattern: rd_kafka_version()) }

    /// Keeps glibc's memory from growing: for executables, before the first client, as it is of the whole process.
    ///
    /// The library allocates on one thread and frees on another; with an arena for each thread, which is glibc's default,
    /// what was freed is seldom used again (a sixth less memory here). Does nothing with another C library.
    public static func limitMemoryArenas() {
        rdkafka_shim_limit_arenas()
    }

    /// Whether SASL/SCRAM works against current brokers: before 2.6.1 the library repeats its nonce, and Kafka from 3.7.2,
    /// 3.8.1 and 3.9.0 on answers "invalid credentials", however right they are.
    public static var supportsSCRAM: Bool { versionNumber >= 0x0206_0100 }
}
