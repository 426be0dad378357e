internal import RDKafka
internal import Synchronization

/// Pauses a partition in which too much is done behind an unfinished record, until that is finished.
///
/// It bounds what is done twice after a crash, a stop or a rebalance, and the memory of the ledger; the other partitions
/// go on.
final class WindowGuard: Sendable {
    /// Records from the oldest unfinished one on: a second of a fast partition.
    static let limit = 100_000

    private let ledger: DeliveryLedger
    private let consumer: Consumer
    private let paused = Mutex<Set<TopicPartition>>([])

    init(ledger: DeliveryLedger, consumer: Consumer) {
        self.ledger = ledger
        self.consumer = consumer
    }

    /// Called after each batch, and with each commit.
    func adjust() {
        let counts = ledger.windowCounts
        let (pause, resume) = paused.withLock { paused in
            Self.change(&paused, counts)
        }
        if !pause.isEmpty { consumer.pause(pause) }
        if !resume.isEmpty { consumer.resume(resume) }
    }

    /// Pauses at the limit and resumes at half of it, and where the partition has gone.
    static func change(
        _ paused: inout Set<TopicPartition>, _ counts: [TopicPartition: Int]
    ) -> (pause: Set<TopicPartition>, resume: Set<TopicPartition>) {
        let full = Set(counts.filter { $0.value >= limit }.keys)
        let resume = paused.filter { (counts[$0] ?? 0) < limit / 2 }
        let pause = full.subtracting(paused)
        paused.formUnion(pause)
        paused.subtract(resume)
        return (pause, resume)
    }
}
