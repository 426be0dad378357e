internal import CLibRDKafka
internal import Synchronization

/// Keeps the last connection error of a client that has no other thread to hear of it.
final class ErrorLoop: Sendable {
    private struct State {
        var isStopping = false
        var last: KafkaError?
    }

    private let state: SharedState
    private let queue: NativeQueue

    private final class SharedState: Sendable {
        let mutex = Mutex(State())
    }

    init(_ client: NativeClient) throws(KafkaError) {
        let state = SharedState()
        let queue = NativeQueue(mainOf: client)
        queue.takeLogLines()
        self.state = state
        self.queue = queue
        try KafkaThread.start(name: "kafka-admin") {
            while !state.mutex.withLock({ $0.isStopping }) {
                guard let event = queue.poll(milliseconds: 1_000), event.type == RD_KAFKA_EVENT_ERROR else { continue }
                let error = event.kafkaError()
                // That all brokers are down is said after why, and says less.
                if error.code != .allBrokersDown { state.mutex.withLock { $0.last = error } }
            }
        }
    }

    var last: KafkaError? { state.mutex.withLock { $0.last } }

    func stop() {
        state.mutex.withLock { $0.isStopping = true }
        queue.wake()
    }
}
