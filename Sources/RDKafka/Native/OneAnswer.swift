internal import Synchronization

/// The continuation of a call that may be left behind: whoever answers first, the call or its watchdog, ends the wait.
final class OneAnswer<Value: Sendable>: Sendable {
    private struct State {
        var continuation: CheckedContinuation<Value, Never>?
        var isMade = false
    }

    private let state: Mutex<State>

    init(_ continuation: CheckedContinuation<Value, Never>) {
        state = Mutex(State(continuation: continuation))
    }

    /// The call is about to be made.
    func begin() {
        state.withLock { $0.isMade = true }
    }

    func give(_ value: Value) {
        state.withLock { $0.continuation.take() }?.resume(returning: value)
    }

    /// Ends the wait where nothing else has, depending on whether the call was made.
    func giveUp(made: Value, notMade: Value) {
        let (continuation, isMade) = state.withLock { ($0.continuation.take(), $0.isMade) }
        continuation?.resume(returning: isMade ? made : notMade)
    }
}
