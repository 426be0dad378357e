internal import Dispatch

/// A line of calls that block, one after the other on a thread of its own.
struct BlockingCalls: Sendable {
    private let queue: DispatchQueue

    init(label: String) {
        // A serial queue of its own gets a thread beside the cooperative pool, and none while it has nothing to do.
        queue = DispatchQueue(label: label)
    }

    /// Makes a call when those before it are done. The call gets what is left of its time; it fails without being made
    /// where that is nothing.
    func run<Value: Sendable>(
        _ action: String, timeout: Duration,
        _ call: @escaping @Sendable (_ deadline: ContinuousClock.Instant) -> Result<Value, KafkaError>
    ) async throws(KafkaError) -> Value {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, KafkaError>, Never>) in
            queue.async {
                guard ContinuousClock.now < deadline else {
                    return continuation.resume(returning: .failure(.timedOut(action, after: timeout)))
                }
                continuation.resume(returning: call(deadline))
            }
        }
        return try result.get()
    }

    /// The same for a call that may not keep to its time: then it is left behind, and the line is busy until it ends.
    ///
    /// - Parameters:
    ///   - overrun: What the caller gets for a call that is left behind.
    ///   - grace: How long after its time that is.
    func run<Value: Sendable>(
        _ action: String, timeout: Duration, orElse overrun: KafkaError, after grace: Duration,
        _ call: @escaping @Sendable (_ deadline: ContinuousClock.Instant) -> Result<Value, KafkaError>
    ) async throws(KafkaError) -> Value {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        var watchdog: Task<Void, Never>?
        let result = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Value, KafkaError>, Never>) in
            let answer = OneAnswer(continuation)
            queue.async {
                guard ContinuousClock.now < deadline else {
                    return answer.give(.failure(.timedOut(action, after: timeout)))
                }
                answer.begin()
                answer.give(call(deadline))
            }
            watchdog = Task {
                try? await Task.sleep(until: deadline.advanced(by: grace), clock: .continuous)
                guard !Task.isCancelled else { return }
                answer.giveUp(made: .failure(overrun), notMade: .failure(.timedOut(action, after: timeout)))
            }
        }
        watchdog?.cancel()
        return try result.get()
    }
}
