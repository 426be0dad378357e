/// One assignment of one partition to this member of the group.
///
/// What is read under one assignment must not be committed under a later one: compare `id`, or `epoch`, and drop what is
/// older.
public struct AssignedPartition: Hashable, Sendable {
    /// The partition.
    public let topicPartition: TopicPartition
    /// Raised by every assignment and every rewind of this consumer, from 1.
    public let epoch: UInt64
    /// Unique in the process for (assignment, partition), up to ``largestID``; after two thousand million they begin anew.
    public let id: UInt32
    /// The first offset that is fetched: the committed one, or what `startFrom` resolves to.
    public let startOffset: Int64

    /// Ids fit in 31 bits, for they travel through the producer beside other things.
    package static let largestID: UInt32 = 0x7fff_ffff

    package init(topicPartition: TopicPartition, epoch: UInt64, id: UInt32, startOffset: Int64) {
        self.topicPartition = topicPartition
        self.epoch = epoch
        self.id = id
        self.startOffset = startOffset
    }
}
