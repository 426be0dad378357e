internal import Dispatch
internal import Synchronization

/// Something that happens once, and can be waited for with a deadline that a cancelled task still gets in full.
final class Signal: Sendable {
    private struct State {
        var hasFired = false
        var nextWaiter = 0
        var waiters: [Int: CheckedContinuation<Bool, Never>] = [:]
    }

    private let state = Mutex(State())

    func fire() {
        let waiters = state.withLock { state in
            state.hasFired = true
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume(returning: true) }
    }

    var hasFired: Bool { state.withLock { $0.hasFired } }

    /// Waits until it fires; false when the time passed first. Not ended by cancellation: what waits here shuts down.
    func wait(until deadline: ContinuousClock.Instant) async -> Bool {
        let remaining = ContinuousClock.now.duration(to: deadline)
        return await withCheckedContinuation { continuation in
            let waiter: Int? = state.withLock { state in
                guard !state.hasFired else { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = continuation
                return state.nextWaiter
            }
            guard let waiter else { return continuation.resume(returning: true) }
            let milliseconds = Int(remaining.clampedMilliseconds)
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(milliseconds)) {
                self.state.withLock { $0.waiters.removeValue(forKey: waiter) }?.resume(returning: false)
            }
        }
    }
}

extension Duration {
    /// Whole milliseconds for a C call, rounded up, between 0 and a day.
    var clampedMilliseconds: Int32 {
        let (seconds, attoseconds) = components
        guard seconds >= 0, attoseconds >= 0 else { return 0 }
        guard seconds < 86_400 else { return 86_400_000 }
        return Int32(seconds * 1_000 + (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}

extension ContinuousClock.Instant {
    /// What is left until then, for a C call.
    var remainingMilliseconds: Int32 { ContinuousClock.now.duration(to: self).clampedMilliseconds }
}
