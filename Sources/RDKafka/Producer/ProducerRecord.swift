/// A record to write.
public struct ProducerRecord: Hashable, Sendable {
    /// The topic.
    public var topic: String
    /// The partition; nil: by the key, at random without one.
    public var partition: Int32?
    /// The key; nil is a null, which is not the same as an empty one.
    public var key: [UInt8]?
    /// The value; nil is a null (a tombstone), which is not the same as an empty one.
    public var value: [UInt8]?
    /// The headers in their order; names may occur more than once.
    public var headers: [RecordHeader]
    /// Milliseconds since 1970 in UTC; nil: now.
    public var timestamp: Int64?

    /// Makes a record.
    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, value: [UInt8]?, headers: [RecordHeader] = [],
        timestamp: Int64? = nil
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.value = value
        self.headers = headers
        self.timestamp = timestamp
    }
}
