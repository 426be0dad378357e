internal import Dispatch
internal import RDKafka
internal import Synchronization

/// Which outputs are acknowledged, and what may be committed: the one place that locks the ``OffsetLedger``.
///
/// Called from the consumer's thread (assignments), the pipeline (records accepted) and the producer's delivery thread
/// (acknowledgements); no call under its lock blocks.
final class DeliveryLedger: Sendable {
    private struct Drain {
        var assignments: [UInt32]
        var done: DispatchSemaphore
    }

    private struct State {
        var ledger = OffsetLedger()
        var contexts: [UInt32: PartitionContext] = [:]
        var drains: [Drain] = []
        var acknowledged = 0
        var roomCount = 0
        var mayCommit = true
        /// The open transaction does not come into effect: what is unfinished is read again.
        var isGivenUp = false
        var failure: KafkaError?

        /// Whether there is nothing to wait for before these assignments end.
        ///
        /// After a failure nothing is sure to be finished, and records of a transaction that is given up are read again by
        /// the very thread that would wait.
        func isDrained(_ assignments: [UInt32]) -> Bool {
            failure != nil || isGivenUp || ledger.awaitedCount(in: assignments) == 0
        }
    }

    private let state = Mutex(State())
    /// Signalled after each batch of acknowledgements.
    private let progress = AsyncCondition()
    /// Signalled when something failed for good: who waits for that alone is not woken for each batch.
    let failed = AsyncCondition()

    // MARK: Assignments

    func assign(_ partitions: [AssignedPartition]) {
        let contexts = partitions.map(PartitionContext.init)
        state.withLock { state in
            for context in contexts {
                state.ledger.assign(context.assigned.id, startOffset: context.assigned.startOffset)
                state.contexts[context.assigned.id] = context
            }
        }
    }

    /// What the batch's partitions need for their results; `nil` for an assignment that is over.
    func contexts(of partitions: [AssignedPartition]) -> [PartitionContext?] {
        state.withLock { state in partitions.map { state.contexts[$0.id] } }
    }

    func isAssigned(_ assignment: UInt32) -> Bool {
        state.withLock { $0.contexts[assignment] != nil }
    }

    func beginRevoking(_ assignments: [UInt32]) {
        state.withLock { $0.ledger.beginRevoking(assignments) }
    }

    /// Blocks the calling thread, which must not be one of the cooperative pool, until nobody works on records of these
    /// assignments any more, until nothing comes of such work, or until the deadline.
    func blockUntilDrained(_ assignments: [UInt32], deadline: MonotonicInstant) {
        let done = DispatchSemaphore(value: 0)
        let isDrained = state.withLock { state in
            if state.isDrained(assignments) { return true }
            state.drains.append(Drain(assignments: assignments, done: done))
            return false
        }
        guard !isDrained else { return }
        let left = max(.zero, MonotonicInstant.now.duration(to: deadline))
        _ = done.wait(timeout: .now() + .milliseconds(Int(left / .milliseconds(1))))
        state.withLock { state in state.drains.removeAll { $0.done === done } }
    }

    /// Ends assignments and says up to where their records are finished.
    func end(_ assignments: [UInt32]) -> [TopicPartitionOffset] {
        let finished = state.withLock { state in
            let finished = assignments.compactMap { assignment -> TopicPartitionOffset? in
                guard let assigned = state.contexts[assignment]?.assigned,
                    let watermark = state.ledger.watermark(of: assignment), watermark > assigned.startOffset
                else { return nil }
                return TopicPartitionOffset(topicPartition: assigned.topicPartition, offset: watermark)
            }
            state.ledger.end(assignments)
            for assignment in assignments { state.contexts[assignment] = nil }
            Self.finishDrains(&state)
            return state.mayCommit ? finished : []
        }
        progress.signal()
        return finished
    }

    /// From now on nothing is committed: the producer has failed for good, and what became of its records is unknown.
    func forbidCommits() {
        state.withLock { $0.mayCommit = false }
    }

    // MARK: Records

    /// Takes in the records of one batch; `nil` for those whose assignment is over.
    func accept(_ records: borrowing RecordBatch, into tokens: inout [RecordToken?]) {
        state.withLock { state in
            for index in 0..<records.count {
                let record = records.view(index)
                tokens.append(
                    state.ledger.accept(
                        assignment: records.partitions[record.partitionIndex].id, offset: record.offset))
            }
        }
    }

    /// Gives records up: nobody works on them any more, and they will be read again.
    func abandon(_ tokens: some Sequence<RecordToken>) {
        let tokens = Array(tokens)
        state.withLock { state in
            for token in tokens { state.ledger.abandon(token) }
            Self.finishDrains(&state)
        }
        progress.signal()
    }

    /// Takes in what the brokers acknowledged, or refused.
    func acknowledge(_ reports: [DeliveryReport]) {
        let hasFailed = state.withLock { state in
            state.roomCount += 1
            for report in reports {
                if let error = report.error {
                    if state.failure == nil { state.failure = error }
                } else if state.ledger.finish(wire: report.token) {
                    state.acknowledged += 1
                }
            }
            Self.finishDrains(&state)
            return state.failure != nil
        }
        progress.signal()
        if hasFailed { failed.signal() }
    }

    /// What a transaction with these results commits, and of which assignment's epoch.
    ///
    /// - Returns: `nil` where an assignment of them is over.
    func offsets(
        of runs: [OrderedOutbox<HeldResult>.Run]
    ) -> (offsets: [TopicPartitionOffset], epoch: UInt64)? {
        state.withLock { state in
            var offsets: [TopicPartitionOffset] = []
            var epoch: UInt64 = 0
            for run in runs {
                guard let assigned = state.contexts[run.assignment]?.assigned,
                    let offset = state.ledger.nextOffset(of: run.assignment, before: run.end)
                else { return nil }
                epoch = assigned.epoch
                offsets.append(TopicPartitionOffset(topicPartition: assigned.topicPartition, offset: offset))
            }
            return (offsets, epoch)
        }
    }

    /// A transaction with these results is committed.
    func settle(_ runs: [OrderedOutbox<HeldResult>.Run]) {
        state.withLock { state in
            for run in runs { state.acknowledged += state.ledger.settle(run.assignment, before: run.end) }
            Self.finishDrains(&state)
        }
        progress.signal()
    }

    /// There may be room for what was refused.
    func signalRoom() {
        state.withLock { $0.roomCount += 1 }
        progress.signal()
    }

    /// Something failed for good: the run ends with the first such error.
    func fail(_ error: KafkaError) {
        state.withLock { state in
            if state.failure == nil { state.failure = error }
            Self.finishDrains(&state)
        }
        progress.signal()
        failed.signal()
    }

    /// Whether the open transaction will not come into effect, and no other one is begun before the partitions are read
    /// again: nobody waits for its records then.
    func setGivenUp(_ isGivenUp: Bool) {
        state.withLock { state in
            state.isGivenUp = isGivenUp
            Self.finishDrains(&state)
        }
    }

    private static func finishDrains(_ state: inout State) {
        for drain in state.drains where state.isDrained(drain.assignments) {
            drain.done.signal()
        }
    }

    /// What is open in each partition.
    ///
    /// - Parameter heldBytes: of results that wait for their turn, by assignment.
    func loads(heldBytes: [UInt32: Int]) -> [TopicPartition: WindowGuard.Load] {
        state.withLock { state in
            var loads: [TopicPartition: WindowGuard.Load] = [:]
            for (assignment, count) in state.ledger.windowCounts {
                guard let context = state.contexts[assignment] else { continue }
                loads[context.assigned.topicPartition] = .init(
                    records: count, heldBytes: heldBytes[assignment] ?? 0)
            }
            return loads
        }
    }

    /// How many partitions there are, and the most records from the oldest unfinished one on in any of them.
    var windows: (count: Int, largest: Int) { state.withLock { $0.ledger.windows } }

    // MARK: Waiting

    /// Counts what makes room for results, for ``waitForRoom(after:)``.
    var roomCount: Int { state.withLock { $0.roomCount } }

    /// Waits for what makes room after a count was read: acknowledgements, or a new transaction.
    func waitForRoom(after count: Int) async {
        await progress.wait { self.roomCount != count }
    }

    /// Waits until nobody works on any record, until something fails for good, or until the task is cancelled.
    func waitUntilDrained() async {
        while !Task.isCancelled, !isOver { await progress.wait { self.isOver } }
    }

    /// Waits until an output was refused for good, or until the task is cancelled.
    func waitForFailure() async -> KafkaError? {
        while !Task.isCancelled {
            if let failure { return failure }
            await failed.wait { self.failure != nil }
        }
        return nil
    }

    /// What failed for good first.
    var failure: KafkaError? { state.withLock { $0.failure } }

    private var isOver: Bool {
        state.withLock { $0.failure != nil || $0.ledger.awaitedCount(in: $0.ledger.assignments) == 0 }
    }

    // MARK: Commits

    /// What is finished and not yet committed.
    func takeCommits() -> [PendingCommit] {
        state.withLock { state in
            guard state.mayCommit else { return [] }
            return state.ledger.takeCommits().compactMap { commit in
                state.contexts[commit.assignment].map { PendingCommit(commit: commit, assigned: $0.assigned) }
            }
        }
    }

    func commitFailed(_ commits: [PendingCommit]) {
        state.withLock { $0.ledger.commitFailed(commits.map(\.commit)) }
    }

    // MARK: Counts

    /// The oldest unfinished record of each partition.
    var oldestUnfinished: [(token: RecordToken, partition: TopicPartition, offset: Int64)] {
        state.withLock { state in
            state.contexts.compactMap { assignment, context in
                state.ledger.oldestUnfinished(of: assignment).map {
                    ($0.token, context.assigned.topicPartition, $0.offset)
                }
            }
        }
    }

    /// Records whose output is acknowledged, since the start.
    var acknowledgedCount: Int { state.withLock { $0.acknowledged } }

    /// Records accepted and not finished.
    var unfinishedCount: Int { state.withLock { $0.ledger.unfinishedCount } }
}
