internal import RDKafka
internal import Synchronization

/// Follows the consumer's assignments, on its thread.
///
/// A revoke takes back what no call is under way for, waits a bounded time for the rest, and commits the finished prefix.
/// It blocks the consumer's thread only: calls and acknowledgements go on elsewhere.
final class AssignmentHandler: ConsumerDelegate {
    private let ledger: DeliveryLedger
    private let resolver: Resolver
    private let log: EventLog
    /// Once set, no revoke waits for longer: shutdown has its own deadline.
    private let latestDrain = Mutex<ContinuousClock.Instant?>(nil)

    init(ledger: DeliveryLedger, resolver: Resolver, log: EventLog) {
        self.ledger = ledger
        self.resolver = resolver
        self.log = log
    }

    /// From now on a revoke waits until then at the latest.
    func limitDrain(to deadline: ContinuousClock.Instant) {
        latestDrain.withLock { $0 = deadline }
    }

    func consumer(assigned partitions: [AssignedPartition]) {
        ledger.assign(partitions)
        log(.info, "Partitions assigned", metadata(partitions))
    }

    func consumer(revoked partitions: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset]
    {
        let assignments = partitions.map(\.id)
        ledger.beginRevoking(assignments)
        ledger.abandon(resolver.giveBackWaiting(Set(assignments)))
        let latest = latestDrain.withLock { $0 } ?? deadline
        ledger.blockUntilDrained(assignments, deadline: min(deadline, latest))
        ledger.abandon(resolver.abandon(Set(assignments)))
        let finished = ledger.end(assignments)
        log(.info, "Partitions revoked", metadata(partitions))
        return finished
    }

    func consumer(lost partitions: [AssignedPartition]) {
        let assignments = partitions.map(\.id)
        ledger.beginRevoking(assignments)
        ledger.abandon(resolver.abandon(Set(assignments)))
        _ = ledger.end(assignments)
        log(
            .warning, "Partitions lost: another member has them, what was in flight is not committed",
            metadata(partitions))
    }

    private func metadata(_ partitions: [AssignedPartition]) -> [(name: String, value: String)] {
        [
            ("epoch", "\(partitions.first?.epoch ?? 0)"),
            ("partitions", partitions.map(\.topicPartition.description).joined(separator: ",")),
        ]
    }
}
