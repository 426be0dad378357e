internal import RDKafka
internal import Synchronization

/// Pauses a partition in which too much is done behind an unfinished record, until that is finished.
///
/// It bounds what is done twice after a crash, a stop or a rebalance, the memory of the ledger, and what one slow id holds
/// back of its partition; the other partitions go on.
final class WindowGuard: Sendable {
    /// What is open in one partition.
    struct Load: Hashable, Sendable {
        /// Records from the oldest unfinished one on.
        var records: Int
        /// Bytes of results that wait for their turn.
        var heldBytes: Int
    }

    /// Records from the oldest unfinished one on: a second of a fast partition.
    static let limit = 100_000

    private let delivery: Delivery
    private let consumer: Consumer
    private let maximumHeldBytes: Int
    private let paused = Mutex<Set<TopicPartition>>([])

    /// - Parameter maximumHeldBytes: of all partitions, of which half is for results that wait for their turn.
    init(delivery: Delivery, consumer: Consumer, maximumHeldBytes: Int) {
        self.delivery = delivery
        self.consumer = consumer
        self.maximumHeldBytes = maximumHeldBytes
    }

    /// Called after each batch, and with each commit.
    func adjust() {
        // All under the lock: two that decide at a time would act in the other order. The consumer only takes note.
        paused.withLock { paused in
            if paused.isEmpty, !mayBeFull { return }
            let loads = delivery.loads
            let (pause, resume) = Self.change(&paused, loads, mostHeldBytes: share(of: loads.count))
            if !pause.isEmpty { consumer.pause(pause) }
            if !resume.isEmpty { consumer.resume(resume) }
        }
    }

    private var mayBeFull: Bool {
        let (count, largest) = delivery.ledger.windows
        return Self.mayBeFull(
            largest: .init(records: largest, heldBytes: delivery.ordered?.allHeldBytes ?? 0),
            mostHeldBytes: share(of: count))
    }

    private func share(of partitions: Int) -> Int { maximumHeldBytes / 2 / max(1, partitions) }

    /// Whether any partition may be full, nearly always not, found without a look at each.
    ///
    /// - Parameter largest: not less than the load of any partition.
    static func mayBeFull(largest: Load, mostHeldBytes: Int) -> Bool {
        largest.records >= limit || largest.heldBytes >= mostHeldBytes
    }

    /// Pauses at the limit and resumes at half of it, and where the partition has gone.
    static func change(
        _ paused: inout Set<TopicPartition>, _ loads: [TopicPartition: Load], mostHeldBytes: Int
    ) -> (pause: Set<TopicPartition>, resume: Set<TopicPartition>) {
        let full = Set(loads.filter { $0.value.records >= limit || $0.value.heldBytes >= mostHeldBytes }.keys)
        let resume = paused.filter { partition in
            guard let load = loads[partition] else { return true }
            return load.records < limit / 2 && load.heldBytes <= mostHeldBytes / 2
        }
        let pause = full.subtracting(paused)
        paused.formUnion(pause)
        paused.subtract(resume)
        return (pause, resume)
    }
}
