internal import CLibRDKafka

/// The client library that is linked.
public enum LibRDKafka {
    /// Its version as text, such as `2.0.2`.
    public static var version: String { String(cString: rd_kafka_version_str()) }

    /// Its version as a number: two hexadecimal digits each for major, minor, revision and pre-release (`0xff`: none).
    public static var versionNumber: UInt32 { UInt32(bitPattern: rd_kafka_version()) }

    /// Whether SASL/SCRAM works against current brokers: before 2.6.1 the library repeats its nonce, and Kafka from 3.7.2,
    /// 3.8.1 and 3.9.0 on answers "invalid credentials", however right they are.
    public static var supportsSCRAM: Bool { versionNumber >= 0x0206_0100 }
}
