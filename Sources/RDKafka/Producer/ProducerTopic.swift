internal import CLibRDKafka

/// A topic to produce to. It keeps its producer's client, so it is always gone before the client is.
///
/// `@unchecked Sendable`: librdkafka's topics may be used from any thread; the pointer never changes.
public final class ProducerTopic: @unchecked Sendable {
    /// The topic's name.
    public let name: String

    let pointer: OpaquePointer
    let client: NativeClient

    init(_ name: String, _ client: NativeClient) throws(KafkaError) {
        guard let pointer = rd_kafka_topic_new(client.handle, name, nil) else {
            throw KafkaError(rd_kafka_last_error(), during: "Using the topic '\(name)'", topic: name)
        }
        self.name = name
        self.pointer = pointer
        self.client = client
    }

    deinit {
        rd_kafka_topic_destroy(pointer)
    }
}
