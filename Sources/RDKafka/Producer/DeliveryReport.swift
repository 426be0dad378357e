/// What became of a record that was produced.
public struct DeliveryReport: Sendable {
    /// What the caller gave with the record.
    public let token: UInt64
    /// Where it was written; -1 where it was not assigned to one.
    public let partition: Int32
    /// Its offset; negative where it was not written.
    public let offset: Int64
    /// nil: written, and acknowledged by all in-sync replicas.
    public let error: KafkaError?
}
