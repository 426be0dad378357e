/// Hears of a consumer's partitions. Everything is called on the poll thread, in order.
public protocol ConsumerDelegate: AnyObject, Sendable {
    /// Partitions are about to be read; called before the first record of them.
    func consumer(assigned: [AssignedPartition])

    /// Partitions are about to be given up. Blocks until what is in flight is done, or the deadline passes; what it waits
    /// for must not need the poll thread.
    ///
    /// - Returns: What to commit before they go.
    func consumer(revoked: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset]

    /// Partitions were taken away; others may read them already. Nothing of them may be committed.
    func consumer(lost: [AssignedPartition])

    /// Partitions are read again from their committed offsets, as `rewindToCommitted` has asked for: nothing of what was
    /// read under these ids may be committed. They come back by `assigned` with new ones. By default the same as `lost`.
    func consumer(rewound: [AssignedPartition])
}

extension ConsumerDelegate {
    /// The same as `lost`.
    public func consumer(rewound partitions: [AssignedPartition]) {
        consumer(lost: partitions)
    }
}
