internal import CLibRDKafka

/// One commit and the answer to it, on a queue of its own: an answer that comes after the deadline has nowhere to go.
struct PendingCommit {
    private let action: String
    private let queue: NativeQueue

    init(_ client: NativeClient, action: String) {
        self.action = action
        queue = NativeQueue(temporaryFor: client)
    }

    /// Sends it; does not wait.
    func send(_ offsets: [TopicPartitionOffset]) -> KafkaError? {
        let list = NativePartitionList(offsets)
        let error = rd_kafka_commit_queue(queue.client.handle, list.pointer, queue.pointer, nil, nil)
        return error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaError(error, during: action)
    }

    /// Waits for the answer.
    func wait(until deadline: ContinuousClock.Instant) -> Result<Void, KafkaError> {
        let start = ContinuousClock.now
        repeat {
            guard let event = queue.poll(milliseconds: deadline.remainingMilliseconds) else { continue }
            guard event.type == RD_KAFKA_EVENT_OFFSET_COMMIT else { continue }
            if event.errorCode != RD_KAFKA_RESP_ERR_NO_ERROR {
                return .failure(KafkaError(event.errorCode, during: action))
            }
            if let refused = event.partitions.first(where: { $0.error != RD_KAFKA_RESP_ERR_NO_ERROR }) {
                return .failure(
                    KafkaError(
                        refused.error, during: "\(action) at \(refused.position)", topic: refused.topicPartition.topic,
                        partition: refused.topicPartition.partition))
            }
            return .success(())
        } while ContinuousClock.now < deadline
        return .failure(.timedOut(action, after: start.duration(to: deadline)))
    }
}
