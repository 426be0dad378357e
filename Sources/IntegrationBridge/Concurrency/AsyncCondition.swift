internal import Synchronization

/// Lets tasks wait for something that other threads bring about, without blocking a thread.
///
/// A waiter registers first and looks at the condition afterwards, so that no signal is lost between the two.
final class AsyncCondition: Sendable {
    private struct State {
        var nextID: UInt64 = 0
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Void, Never>)] = []
        /// Cancelled between the look at the task's state and the registration.
        var cancelledEarly: Set<UInt64> = []
    }

    private let state = Mutex(State())

    /// Returns once signalled, at once where the condition holds already, and at once when the task is cancelled.
    ///
    /// The caller looks at its condition again afterwards.
    func wait(unless isMet: @Sendable () -> Bool) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if state.cancelledEarly.remove(id) != nil { return true }
                    state.waiting.append((id, continuation))
                    return false
                }
                if isCancelled {
                    continuation.resume()
                } else if isMet() {
                    resume(id)
                }
            }
        } onCancel: {
            cancel(id)
        }
        state.withLock { _ = $0.cancelledEarly.remove(id) }
    }

    /// Wakes the tasks that have waited longest.
    func signal(_ count: Int = .max) {
        guard count > 0 else { return }
        let woken = state.withLock { state in
            let woken = state.waiting.prefix(count)
            state.waiting.removeFirst(woken.count)
            return woken
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// The tasks that wait.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    private func resume(_ id: UInt64) {
        take(id)?.resume()
    }

    private func cancel(_ id: UInt64) {
        let continuation = state.withLock { state in
            let index = state.waiting.firstIndex { $0.id == id }
            if index == nil { state.cancelledEarly.insert(id) }
            return index.map { state.waiting.remove(at: $0).continuation }
        }
        continuation?.resume()
    }

    private func take(_ id: UInt64) -> CheckedContinuation<Void, Never>? {
        state.withLock { state in
            state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).continuation }
        }
    }
}
