internal import CLibRDKafka

extension ConsumerConfiguration {
    /// What users may change.
    private static let defaults = [
        // Small, because a record in the queue takes some 400 bytes beyond its own: see FetchNudge.
        KafkaProperty("queued.min.messages", String(queuedMinMessages)),
        KafkaProperty("queued.max.messages.kbytes", "16384"),
        // What one fetch brings comes on top of a full queue, and compressed requests grow tenfold.
        KafkaProperty("fetch.message.max.bytes", "131072"),
        KafkaProperty("fetch.wait.max.ms", "500"),
        KafkaProperty("check.crcs", "true"),
        KafkaProperty("socket.nagle.disable", "true"),
        KafkaProperty("socket.keepalive.enable", "true"),
    ]

    static let queuedMinMessages = 20_000

    func makeNative() throws(KafkaError) -> NativeConfiguration {
        guard !bootstrapServers.isEmpty else {
            throw KafkaError(.invalidArgument, "The consumer has no bootstrap servers: name at least one host:port.")
        }
        guard !groupID.isEmpty else {
            throw KafkaError(.invalidArgument, "The consumer has no group id: name the consumer group.")
        }
        guard !topics.isEmpty, !topics.contains("") else {
            throw KafkaError(.invalidArgument, "The consumer has no topics, or one without a name: name the topics.")
        }
        if let pattern = topics.first(where: { $0.hasPrefix("^") }) {
            throw KafkaError(
                .invalidArgument, "The topic '\(pattern)' is a pattern: name each topic by itself.", topic: pattern)
        }
        guard maximumBatchRecords > 0, maximumBatchBytes > 0 else {
            throw KafkaError(.invalidArgument, "A batch must have room for at least one record and one byte.")
        }
        let native = NativeConfiguration()
        try native.set(Self.defaults)
        try native.set("client.id", clientID)
        if !FetchNudge.isNeeded { try native.set("fetch.queue.backoff.ms", "5") }
        for property in properties {
            if let refusal = KafkaProperty.refusal(ofConsumerProperty: property.name) {
                throw KafkaError(.invalidArgument, refusal)
            }
        }
        try native.set(properties)
        try native.set([
            KafkaProperty("bootstrap.servers", bootstrapServers),
            KafkaProperty("group.id", groupID),
            KafkaProperty("enable.auto.commit", "false"),
            KafkaProperty("enable.auto.offset.store", "false"),
            // A silent skip is worse than a stop: where to begin is decided at the assignment.
            KafkaProperty("auto.offset.reset", "error"),
            KafkaProperty("isolation.level", "read_committed"),
            // Eager: the incremental one loses assignments (2.10.0), crashes on an early close (2.3.0).
            KafkaProperty("partition.assignment.strategy", "range"),
            KafkaProperty("allow.auto.create.topics", "false"),
            KafkaProperty("enable.partition.eof", "false"),
            KafkaProperty("log.queue", "true"),
            KafkaProperty("statistics.interval.ms", String(statisticsInterval.statisticsMilliseconds)),
        ])
        native.setEvents(
            RD_KAFKA_EVENT_FETCH | RD_KAFKA_EVENT_REBALANCE | RD_KAFKA_EVENT_OFFSET_COMMIT | RD_KAFKA_EVENT_ERROR
                | RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_LOG)
        return native
    }
}

extension Optional<Duration> {
    /// At least a second: statistics are a document of some kilobytes.
    var statisticsMilliseconds: Int32 { map { max(1_000, $0.clampedMilliseconds) } ?? 0 }
}
