internal import RDKafka
internal import Synchronization

/// Remembers that a broker refused the credentials, until something asks.
final class RefusedCredentials: Sendable {
    private let state = Mutex<KafkaError?>(nil)

    func note(_ error: KafkaError) {
        guard error.code == .authentication else { return }
        state.withLock { $0 = error }
    }

    var error: KafkaError? { state.withLock { $0 } }
}
