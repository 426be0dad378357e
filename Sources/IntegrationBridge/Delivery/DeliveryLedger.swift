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
        var reportBatches = 0
        var failure: KafkaError?
    }

    private let state = Mutex(State())
    /// Signalled after each batch of acknowledgements.
    private let progress = AsyncCondition()

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
    /// assignments any more, or until the deadline.
    func blockUntilDrained(_ assignments: [UInt32], deadline: ContinuousClock.Instant) {
        let done = DispatchSemaphore(value: 0)
        let isDrained = state.withLock { state in
            if state.ledger.awaitedCount(in: assignments) == 0 { return true }
            state.drains.append(Drain(assignments: assignments, done: done))
            return false
        }
        guard !isDrained else { return }
        let left = max(.zero, ContinuousClock.now.duration(to: deadline))
        _ = done.wait(timeout: .now() + .milliseconds(Int(left / .milliseconds(1))))
        state.withLock { state in state.drains.removeAll { $0.done === done } }
    }

    /// Ends assignments and says up to where their records are finished.
    func end(_ assignments: [UInt32]) -> [TopicPartitionOffset] {
        state.withLock { state in
            let finished = assignments.compactMap { assignment -> TopicPartitionOffset? in
                guard let assigned = state.contexts[assignment]?.assigned,
                    let watermark = state.ledger.watermark(of: assignment), watermark > assigned.startOffset
                else { return nil }
                return TopicPartitionOffset(topicPartition: assigned.topicPartition, offset: watermark)
            }
            state.ledger.end(assignments)
            for assignment in assignments { state.contexts[assignment] = nil }
            return finished
        }
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
        state.withLock { state in
            state.reportBatches += 1
            for report in reports {
                if let error = report.error {
                    if state.failure == nil { state.failure = error }
                } else if state.ledger.finish(RecordToken(rawValue: report.token)) {
                    state.acknowledged += 1
                }
            }
            Self.finishDrains(&state)
        }
        progress.signal()
    }

    /// Something failed for good: the run ends with the first such error.
    func fail(_ error: KafkaError) {
        state.withLock { state in
            if state.failure == nil { state.failure = error }
        }
        progress.signal()
    }

    private static func finishDrains(_ state: inout State) {
        for drain in state.drains where state.ledger.awaitedCount(in: drain.assignments) == 0 {
            drain.done.signal()
        }
    }

    /// Records from the oldest unfinished one on, of each partition.
    var windowCounts: [TopicPartition: Int] {
        state.withLock { state in
            var counts: [TopicPartition: Int] = [:]
            for (assignment, count) in state.ledger.windowCounts {
                if let context = state.contexts[assignment] { counts[context.assigned.topicPartition] = count }
            }
            return counts
        }
    }

    // MARK: Waiting

    /// Counts batches of acknowledgements, for ``waitForReports(after:)``.
    var reportBatches: Int { state.withLock { $0.reportBatches } }

    /// Waits for acknowledgements that come after a count was read: then the producer's queue has room again.
    func waitForReports(after count: Int) async {
        await progress.wait { self.reportBatches != count }
    }

    /// Waits until nobody works on any record, or until the task is cancelled.
    func waitUntilDrained() async {
        while !Task.isCancelled, awaitedCount > 0 {
            await progress.wait { self.awaitedCount == 0 }
        }
    }

    /// Waits until an output was refused for good, or until the task is cancelled.
    func waitForFailure() async -> KafkaError? {
        while !Task.isCancelled {
            if let failure { return failure }
            await progress.wait { self.failure != nil }
        }
        return nil
    }

    private var failure: KafkaError? { state.withLock { $0.failure } }

    private var awaitedCount: Int {
        state.withLock { $0.ledger.awaitedCount(in: $0.ledger.assignments) }
    }

    // MARK: Commits

    /// What is finished and not yet committed.
    func takeCommits() -> [PendingCommit] {
        state.withLock { state in
            state.ledger.takeCommits().compactMap { commit in
                state.contexts[commit.assignment].map {
                    PendingCommit(
                        commit: commit,
                        offset: TopicPartitionOffset(
                            topicPartition: $0.assigned.topicPartition, offset: commit.offset))
                }
            }
        }
    }

    func commitFailed(_ commits: [PendingCommit]) {
        state.withLock { $0.ledger.commitFailed(commits.map(\.commit)) }
    }

    // MARK: Counts

    /// Records whose output is acknowledged, since the start.
    var acknowledgedCount: Int { state.withLock { $0.acknowledged } }

    /// Records accepted and not finished.
    var unfinishedCount: Int { state.withLock { $0.ledger.unfinishedCount } }
}
