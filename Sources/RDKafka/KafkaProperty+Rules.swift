extension KafkaProperty {
    /// What no user may set for a consumer, and why.
    ///
    /// - Returns: The reason, or nil where the property is allowed or unknown.
    package static func refusal(ofConsumerProperty name: String) -> String? {
        commonRefusal(name) ?? consumerOwned[name].map { "The Kafka property '\(name)' cannot be set: \($0)." }
    }

    /// What no user may set for a producer, and why.
    ///
    /// - Returns: The reason, or nil where the property is allowed or unknown.
    package static func refusal(ofProducerProperty name: String) -> String? {
        commonRefusal(name) ?? producerOwned[name].map { "The Kafka property '\(name)' cannot be set: \($0)." }
    }

    /// Tries settings on a configuration that is thrown away: no broker is asked.
    ///
    /// - Throws: `KafkaError` that names the property that is refused, unknown, or has a bad value.
    package static func validate(consumerProperties: [KafkaProperty]) throws(KafkaError) {
        try validate(consumerProperties, refusal: refusal(ofConsumerProperty:))
    }

    /// Tries settings on a configuration that is thrown away: no broker is asked.
    ///
    /// - Throws: `KafkaError` that names the property that is refused, unknown, or has a bad value.
    package static func validate(producerProperties: [KafkaProperty]) throws(KafkaError) {
        try validate(producerProperties, refusal: refusal(ofProducerProperty:))
    }

    private static func validate(
        _ properties: [KafkaProperty], refusal: (String) -> String?
    ) throws(KafkaError) {
        let scratch = NativeConfiguration()
        for property in properties {
            if let reason = refusal(property.name) { throw KafkaError(.invalidArgument, reason) }
            try scratch.set(property.name, property.value, isSecret: property.isSecret)
        }
    }

    private static func commonRefusal(_ name: String) -> String? {
        if name.hasSuffix("_cb") || name == "opaque" || name == "default_topic_conf" {
            return "The Kafka property '\(name)' cannot be set: it is a function or object of the client's own code."
        }
        return commonOwned[name].map { "The Kafka property '\(name)' cannot be set: \($0)." }
    }

    private static let commonOwned = [
        "bootstrap.servers": "the bootstrap servers have a setting of their own",
        "metadata.broker.list": "the bootstrap servers have a setting of their own",
        "log.queue": "log lines come to the log handler",
        "log.thread.name": "log lines come to the log handler",
        "enabled_events": "the client owns how it is told of events",
        "background_event_cb": "the client owns how it is told of events",
        "statistics.interval.ms": "the statistics interval has a setting of its own",
        "transactional.id": "transactions belong to the delivery guarantee",
        "allow.auto.create.topics": "a topic whose name is mistyped must be an error, not a new topic",
        "plugin.library.paths": "no code is loaded from files",
    ]

    private static let consumerOwned = [
        "group.id": "the group id has a setting of its own",
        "enable.auto.commit": "offsets are committed when their outputs are acknowledged, never by themselves",
        "auto.commit.interval.ms": "offsets are committed when their outputs are acknowledged, never by themselves",
        "auto.commit.enable": "offsets are committed when their outputs are acknowledged, never by themselves",
        "enable.auto.offset.store": "offsets are committed when their outputs are acknowledged, never by themselves",
        "offset.store.method": "offsets are kept by the group",
        "offset.store.path": "offsets are kept by the group",
        "auto.offset.reset": "a silent reset skips records; startFrom says where a group without offsets begins",
        "partition.assignment.strategy":
            "the assignment is 'range': incremental assignment loses partitions in librdkafka before 2.10",
        "isolation.level": "records of aborted transactions are never requests",
        "enable.partition.eof": "the end of a partition is no event here",
        "consume.callback.max.messages": "records come in batches",
        "group.protocol": "the classic protocol is what this client is tested with",
    ]

    private static let producerOwned = [
        "enable.idempotence": "without it a retry could write a record twice or out of order",
        "enable.gapless.guarantee": "it is experimental in librdkafka",
        "dr_msg_cb": "deliveries are reported by events",
        "delivery.report.only.error": "every delivery must be reported: offsets are committed by them",
        "acks": "every record is acknowledged by all in-sync replicas",
        "request.required.acks": "every record is acknowledged by all in-sync replicas",
        "message.timeout.ms": "the delivery timeout has a setting of its own",
        "delivery.timeout.ms": "the delivery timeout has a setting of its own",
        "transaction.timeout.ms": "the transaction timeout has a setting of its own",
        "queuing.strategy": "records are sent in their order",
    ]
}
