/// What to do next with transactions: one step at a time, and what follows when it succeeds or fails.
///
/// ```
///  initialize -> begin -> collect -> sendOffsets -> commit -> begin ...
///                            \-> abort -> rewind -> begin
///  replaceProducer -> initialize -> rewind -> begin
/// ```
///
/// After every abort, and with every new producer, the partitions are read again from the committed offsets: only they tell
/// what has come into effect.
struct TransactionMachine: Sendable {
    enum Step: Hashable, Sendable {
        /// Make this the one producer of its transactional id.
        case initialize
        case begin
        /// Produce results until the transaction is due, then call ``close(isDoomed:)``.
        case collect
        case sendOffsets
        case commit
        case abort
        /// Go back to the committed offsets.
        case rewind
        /// Close the producer and build another one with the same transactional id.
        case replaceProducer
        /// Another producer has the same transactional id: end.
        case fail
    }

    /// How a step failed, as Kafka's clients tell it.
    struct Fault: Hashable, Sendable {
        enum Recovery: Hashable, Sendable {
            case callAgain
            case abort
            case newProducer
        }

        var recovery: Recovery
        /// The broker takes nothing from this producer any more: there is another one with its id, or its transaction took
        /// too long.
        var isFenced = false
    }

    /// How long the brokers let a transaction be open.
    let timeout: Duration
    private(set) var step: Step
    /// The first failure of the step that is being repeated.
    private var failingSince: MonotonicInstant?
    private var mustRewind = false

    /// - Parameter isInitialized: whether the producer is the one of its transactional id already.
    init(timeout: Duration, isInitialized: Bool = false) {
        self.timeout = timeout
        step = isInitialized ? .begin : .initialize
    }

    /// Whether the transaction does not come into effect, and none is begun before the partitions are read again.
    var isGivenUp: Bool {
        switch step {
        case .abort, .replaceProducer, .initialize, .rewind: true
        case .begin, .collect, .sendOffsets, .commit, .fail: false
        }
    }

    /// The step succeeded.
    mutating func succeeded() {
        failingSince = nil
        switch step {
        case .initialize: step = mustRewind ? .rewind : .begin
        case .begin: step = .collect
        case .sendOffsets: step = .commit
        case .commit: step = .begin
        case .abort, .replaceProducer:
            mustRewind = true
            step = step == .abort ? .rewind : .initialize
        case .rewind:
            mustRewind = false
            step = .begin
        case .collect, .fail: break
        }
    }

    /// The transaction takes no more results.
    ///
    /// - Parameter isDoomed: it must not be committed: a result was not delivered, or a partition was lost.
    mutating func close(isDoomed: Bool) {
        guard step == .collect else { return }
        step = isDoomed ? .abort : .sendOffsets
    }

    /// The step failed.
    ///
    /// - Parameter openedAt: when the transaction's first result was produced.
    /// - Returns: what follows.
    @discardableResult
    mutating func failed(
        _ fault: Fault, openedAt: MonotonicInstant?, now: MonotonicInstant
    ) -> Step {
        if fault.isFenced, !isOverdue(openedAt, now) {
            step = .fail
            return step
        }
        switch (step, fault.recovery) {
        case (.rewind, _), (.replaceProducer, _), (.initialize, .callAgain):
            // There is nothing else to do: it goes on once the brokers answer.
            break
        case (_, .callAgain):
            let since = failingSince ?? now
            failingSince = since
            // The brokers have ended the transaction by now; a new producer finds out how.
            if since.duration(to: now) >= timeout { replace() }
        case (.sendOffsets, .abort), (.commit, .abort):
            failingSince = nil
            step = .abort
        default: replace()
        }
        return step
    }

    /// Whether the brokers may have ended the transaction because it took too long.
    private func isOverdue(_ openedAt: MonotonicInstant?, _ now: MonotonicInstant) -> Bool {
        openedAt.map { $0.duration(to: now) >= timeout } ?? false
    }

    private mutating func replace() {
        failingSince = nil
        step = .replaceProducer
    }
}
