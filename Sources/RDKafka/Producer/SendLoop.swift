internal import CLibRDKafka

/// A producer's sending thread: gives records to the library when those before them are acknowledged.
///
/// `rd_kafka_flush` sends what the library has at once, whatever `linger.ms` says, and returns when all of it is reported.
final class SendLoop {
    /// While a broker does not answer for so long, records for others go on.
    private static let patience: Int32 = 100

    private let queue: SendQueue
    private let client: NativeClient
    private let reporter: DeliveryReporter
    private let onRoom: @Sendable () -> Void

    init(
        _ queue: SendQueue, _ client: NativeClient, _ reporter: DeliveryReporter, onRoom: @escaping @Sendable () -> Void
    ) {
        self.queue = queue
        self.client = client
        self.reporter = reporter
        self.onRoom = onRoom
    }

    func run() {
        var batch = OutgoingBatch()
        while true {
            switch queue.next(&batch) {
            case .end: return
            case .sleep(nil): queue.wake.wait()
            case .sleep(let due?):
                queue.wake.wait(atMost: ContinuousClock.now.duration(to: due))
            case .send(let hasRoom):
                if hasRoom { onRoom() }
                send(&batch)
                rd_kafka_flush(client.handle, Self.patience)
            }
        }
    }

    /// Gives a batch to the library, reports what it does not take, and empties it.
    func send(_ batch: inout OutgoingBatch) {
        let count = batch.count
        var failed: [(token: UInt64, error: KafkaError)] = []
        while batch.count > 0 {
            // Nothing goes behind a record that was given up.
            if queue.isGivenUp {
                failed += batch.giveUp()
                break
            }
            guard let error = batch.handOverNext(to: client) else { continue }
            if rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__QUEUE_FULL {
                rd_kafka_error_destroy(error)
                if queue.isStopping {
                    failed += batch.giveUp()
                    break
                }
                rd_kafka_flush(client.handle, Self.patience)
                continue
            }
            let (token, topic) = batch.dropNext()
            failed.append((token, refusal(error, topic)))
        }
        batch.removeAll(keeping: queue.limits.bytes * 2)
        // Reported before anybody who waits for the hand-over goes on; the room that they leave is there after it.
        reporter.fail(failed)
        queue.handedOver(count, failed: failed)
        if !failed.isEmpty { onRoom() }
    }

    private func refusal(_ error: OpaquePointer, _ topic: String) -> KafkaError {
        if rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__STATE, queue.usesTransactions {
            rd_kafka_error_destroy(error)
            return SendQueue.noTransaction
        }
        if rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__FATAL, let fatal = client.fatalError {
            rd_kafka_error_destroy(error)
            queue.fail(fatal)
            return fatal
        }
        return KafkaError(consuming: error, during: "Producing to the topic '\(topic)'", topic: topic)
    }
}
