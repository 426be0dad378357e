internal import Synchronization

/// Somebody's wait for the partitions to be read again from the committed offsets.
final class Rewind: Sendable {
    let done = Signal()
    private let failure = Mutex<KafkaError?>(nil)

    /// Ends the wait. Once.
    func end(_ error: KafkaError?) {
        failure.withLock { $0 = error }
        done.fire()
    }

    var error: KafkaError? { failure.withLock { $0 } }
}
