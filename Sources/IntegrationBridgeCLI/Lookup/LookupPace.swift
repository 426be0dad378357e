internal import Synchronization

/// Spaces the calls of `lookup`: no more in a second than `lookup.maxRequestsPerSecond`, and none before a rate limit's end.
final class LookupPace: Sendable {
    private let interval: Duration
    private let next = Mutex(ContinuousClock.now)

    /// - Parameter perSecond: as many as the API takes where there is none.
    init(perSecond: Double?) {
        interval = perSecond.map { .seconds(1 / $0) } ?? .zero
    }

    /// Waits for the turn of the next call.
    ///
    /// - Throws: `CancellationError` where the task is cancelled.
    func turn() async throws(CancellationError) {
        let turn = next.withLock { next in
            let turn = max(next, .now)
            next = turn + interval
            return turn
        }
        guard (try? await Task.sleep(until: turn, clock: .continuous)) != nil else { throw CancellationError() }
    }

    /// The API wants nothing for a while, from nobody.
    func hold(for wait: Duration) {
        next.withLock { $0 = max($0, .now + wait) }
    }
}
