/// One record, as a copy that stands by itself.
public struct Record: Hashable, Sendable {
    /// What a record's timestamp means.
    public enum TimestampKind: UInt8, Sendable {
        /// There is none.
        case none = 0
        /// The producer set it.
        case created
        /// The broker set it when it appended the record.
        case appended
    }

    /// The topic.
    public var topic: String
    /// The partition.
    public var partition: Int32
    /// The offset in the partition.
    public var offset: Int64
    /// Milliseconds since 1970 in UTC; nil where the record has none.
    public var timestamp: Int64?
    /// Who set the timestamp.
    public var timestampKind: TimestampKind
    /// The key; nil is a null, which is not the same as an empty one.
    public var key: [UInt8]?
    /// The value; nil is a null (a tombstone), which is not the same as an empty one.
    public var value: [UInt8]?
    /// The headers in their order.
    public var headers: [RecordHeader]

    /// Makes a record.
    public init(
        topic: String, partition: Int32, offset: Int64, timestamp: Int64?, timestampKind: TimestampKind, key: [UInt8]?,
        value: [UInt8]?, headers: [RecordHeader]
    ) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
        self.timestamp = timestamp
        self.timestampKind = timestampKind
        self.key = key
        self.value = value
        self.headers = headers
    }
}
