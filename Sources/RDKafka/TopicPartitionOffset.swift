/// A position in a partition.
///
/// Where it is committed it is the offset of the next record to read: one more than that of the last one that is done.
public struct TopicPartitionOffset: Hashable, Sendable, CustomStringConvertible {
    /// The partition.
    public var topicPartition: TopicPartition
    /// The offset, from 0.
    public var offset: Int64

    /// Names a position.
    public init(topicPartition: TopicPartition, offset: Int64) {
        self.topicPartition = topicPartition
        self.offset = offset
    }

    /// `topic[0]@42`.
    public var description: String { "\(topicPartition)@\(offset)" }
}
