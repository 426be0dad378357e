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
            if paused.isEmpty, isFarFromFull { return }
            let loads = delivery.loads
            let share = maximumHeldBytes / 2 / max(1, loads.count)
            let (pause, resume) = Self.change(&paused, loads, mostHeldBytes: share)
            if !pause.isEmpty { consumer.pause(pause) }
            if !resume.isEmpty { consumer.resume(resume) }
        }
    }

    /// What nearly always holds, found without a look at each partition.
    private var isFarFromFull: Bool {
        let (count, largest) = delivery.ledger.windows
        return largest < Self.limit && (delivery.ordered?.allHeldBytes ?? 0) < maximumHeldBytes / 2 / max(1, count)
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
