internal import CLibRDKafka

/// Owner of a `rd_kafka_conf_t` until a handle is made of it.
struct NativeConfiguration: ~Copyable {
    private let pointer: OpaquePointer

    init() {
        pointer = rd_kafka_conf_new()
    }

    deinit {
        rd_kafka_conf_destroy(pointer)
    }

    func set(_ properties: [KafkaProperty]) throws(KafkaError) {
        for property in properties { try set(property.name, property.value, isSecret: property.isSecret) }
    }

    func set(_ name: String, _ value: String, isSecret: Bool = false) throws(KafkaError) {
        var text = [CChar](repeating: 0, count: 512)
        guard rd_kafka_conf_set(pointer, name, value, &text, text.count) != RD_KAFKA_CONF_OK else { return }
        // The library's text may quote the value.
        let reason = isSecret ? "its value is not valid" : String(nullTerminated: text)
        throw KafkaError(
            .invalidArgument,
            "The Kafka client property '\(name)' is refused: \(reason). librdkafka's CONFIGURATION.md lists them all.")
    }

    func setEvents(_ events: Int32) {
        rd_kafka_conf_set_events(pointer, events)
    }

    consuming func makeHandle(_ type: rd_kafka_type_t) throws(KafkaError) -> OpaquePointer {
        let configuration = pointer
        discard self
        var text = [CChar](repeating: 0, count: 512)
        guard let handle = rd_kafka_new(type, configuration, &text, text.count) else {
            // rd_kafka_new takes the configuration over only where it succeeds.
            rd_kafka_conf_destroy(configuration)
            throw KafkaError(
                .invalidArgument, "The Kafka client does not start: \(String(nullTerminated: text))")
        }
        return handle
    }
}
