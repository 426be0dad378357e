internal import Dispatch
internal import RDKafka
internal import Synchronization

/// What became of the requests that were sent.
final class SendTally: Sendable {
    private struct State {
        var acknowledged = 0
        var failed = 0
        var firstError: KafkaError?
        var connectionError: KafkaError?
    }

    private let state = Mutex(State())
    private let reported = DispatchSemaphore(value: 0)

    /// Called on the producer's delivery thread.
    func take(_ reports: [DeliveryReport]) {
        state.withLock { state in
            for report in reports {
                if let error = report.error {
                    state.failed += 1
                    if state.firstError == nil { state.firstError = error }
                } else {
                    state.acknowledged += 1
                }
            }
        }
        reported.signal()
    }

    /// Called on the producer's delivery thread.
    func take(connectionError error: KafkaError) {
        // That all brokers are down is said after why, and says less.
        guard error.code != .allBrokersDown else { return }
        state.withLock { $0.connectionError = error }
    }

    /// Why there is no connection, as far as it is known: what a call that timed out suffers from.
    var connectionError: KafkaError? { state.withLock { $0.connectionError } }
    var acknowledged: Int { state.withLock { $0.acknowledged } }
    var firstError: KafkaError? { state.withLock { $0.firstError } }

    /// Waits for room in a full queue: for further reports, or a moment. It blocks: for a thread of ours.
    func waitForReports() {
        _ = reported.wait(timeout: .now() + .milliseconds(100))
    }
}
