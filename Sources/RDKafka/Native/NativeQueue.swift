internal import CLibRDKafka

/// Owner of a reference to one of a client's queues. It keeps the client, so it is always gone before the client is.
///
/// `@unchecked Sendable`: librdkafka's queues may be used from any thread; the pointer never changes.
final class NativeQueue: @unchecked Sendable {
    let pointer: OpaquePointer
    let client: NativeClient

    /// A queue of its own, for the answers to one call.
    convenience init(temporaryFor client: NativeClient) {
        self.init(rd_kafka_queue_new(client.handle), client)
    }

    /// The queue on which a producer's delivery reports, errors, statistics and log lines come.
    convenience init(mainOf client: NativeClient) {
        self.init(rd_kafka_queue_get_main(client.handle), client)
    }

    /// The queue on which everything a consumer has to say comes.
    convenience init(consumerOf client: NativeClient) throws(KafkaError) {
        guard let queue = rd_kafka_queue_get_consumer(client.handle) else {
            throw KafkaError(.failed, "The Kafka client has no consumer queue: is the group id empty?")
        }
        self.init(queue, client)
    }

    private init(_ pointer: OpaquePointer, _ client: NativeClient) {
        self.pointer = pointer
        self.client = client
    }

    deinit {
        rd_kafka_queue_destroy(pointer)
    }

    /// Log lines come as events of this queue.
    func takeLogLines() {
        let error = rd_kafka_set_log_queue(client.handle, pointer)
        assert(error == RD_KAFKA_RESP_ERR_NO_ERROR, "log.queue is set for every client")
    }

    /// Waits for an event. Nothing came when it is nil; `wake` ends the wait too.
    func poll(milliseconds: Int32) -> NativeEvent? {
        guard let event = rd_kafka_queue_poll(pointer, milliseconds) else { return nil }
        return NativeEvent(event)
    }

    /// Ends the wait of the thread that polls, or its next one.
    func wake() {
        rd_kafka_queue_yield(pointer)
    }
}
