internal import Synchronization

/// Records that somebody awaits the acknowledgement of. Their tokens have the top bit set: the caller's must not.
final class PendingSends: Sendable {
    static let mark: UInt64 = 1 << 63

    private struct State {
        var next: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<DeliveryReport, Never>] = [:]
    }

    private let state = Mutex(State())

    /// A new token under which an acknowledgement is awaited.
    func register(_ continuation: CheckedContinuation<DeliveryReport, Never>) -> UInt64 {
        state.withLock { state in
            state.next += 1
            let token = state.next | Self.mark
            state.waiting[token] = continuation
            return token
        }
    }

    /// Ends the wait, where it has not ended yet.
    func resolve(_ report: DeliveryReport) {
        state.withLock { $0.waiting.removeValue(forKey: report.token) }?.resume(returning: report)
    }

    /// Ends all waits.
    func failAll(_ error: KafkaError) {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            return state.waiting
        }
        for (token, continuation) in waiting {
            continuation.resume(returning: DeliveryReport(token: token, partition: -1, offset: -1, error: error))
        }
    }
}
