internal import RDKafka
internal import Synchronization

/// Follows the consumer's assignments, on its thread.
///
/// A revoke takes back what no call is under way for, waits a bounded time for the rest, and commits the finished prefix.
/// It blocks the consumer's thread only: calls and acknowledgements go on elsewhere.
final class AssignmentHandler: ConsumerDelegate {
    private let delivery: Delivery
    private let resolver: Resolver
    private let log: EventLog
    /// Once set, no revoke waits for longer: shutdown has its own deadline.
    private let latestDrain = Mutex<MonotonicInstant?>(nil)

    init(delivery: Delivery, resolver: Resolver, log: EventLog) {
        self.delivery = delivery
        self.resolver = resolver
        self.log = log
    }

    /// From now on a revoke waits until then at the latest.
    func limitDrain(to deadline: MonotonicInstant) {
        latestDrain.withLock { $0 = deadline }
    }

    func consumer(assigned partitions: [AssignedPartition]) {
        delivery.assign(partitions)
        log(.info, "Partitions assigned", metadata(partitions))
    }

    func consumer(revoked partitions: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset]
    {
        let deadline = MonotonicInstant(deadline)
        let assignments = partitions.map(\.id)
        delivery.ledger.beginRevoking(assignments)
        delivery.abandon(resolver.giveBackWaiting(Set(assignments)))
        let latest = latestDrain.withLock { $0 } ?? deadline
        delivery.ordered?.hurry(true)
        delivery.ledger.blockUntilDrained(assignments, deadline: min(deadline, latest))
        delivery.ordered?.hurry(false)
        let finished = end(assignments)
        log(.info, "Partitions revoked", metadata(partitions))
        return finished
    }

    func consumer(lost partitions: [AssignedPartition]) {
        _ = end(partitions.map(\.id))
        log(
            .warning, "Partitions lost: another member may have them, what was in flight is not committed",
            metadata(partitions))
    }

    func consumer(rewound partitions: [AssignedPartition]) {
        _ = end(partitions.map(\.id))
    }

    /// Ends assignments: what is still under way for them has no effect.
    private func end(_ assignments: [UInt32]) -> [TopicPartitionOffset] {
        delivery.ledger.beginRevoking(assignments)
        delivery.abandon(resolver.abandon(Set(assignments)))
        return delivery.end(assignments)
    }

    private func metadata(_ partitions: [AssignedPartition]) -> [(name: String, value: String)] {
        [
            ("epoch", "\(partitions.first?.epoch ?? 0)"),
            ("partitions", partitions.map(\.topicPartition.description).joined(separator: ",")),
        ]
    }
}
