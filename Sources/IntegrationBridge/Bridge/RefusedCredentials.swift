internal import RDKafka
internal import Synchronization

/// Remembers that a broker refused the producer's credentials, and tells whether that lasts.
final class RefusedCredentials: Sendable {
    private struct State {
        var error: KafkaError?
        var watch = AuthenticationWatch(window: .seconds(30))
    }

    private let state = Mutex(State())

    /// - Returns: what ends the run, where the brokers have refused for long and let nothing through meanwhile.
    func note(_ error: KafkaError) -> KafkaError? {
        guard error.code == .authentication else { return nil }
        return state.withLock { state in
            state.error = error
            guard state.watch.failed(at: .now) else { return nil }
            return KafkaError(
                .authentication,
                "The brokers have refused the producer's credentials for 30 s: check sasl.mechanism, sasl.username and"
                    + " sasl.password. \(error.message)")
        }
    }

    /// A record was acknowledged: somebody lets us in.
    func succeeded() {
        state.withLock { state in
            guard state.error != nil else { return }
            state.error = nil
            state.watch.succeeded()
        }
    }

    var error: KafkaError? { state.withLock { $0.error } }
}
