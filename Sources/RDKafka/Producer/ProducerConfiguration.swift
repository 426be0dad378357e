internal import CLibRDKafka

/// How a `Producer` writes.
public struct ProducerConfiguration: Sendable {
    /// `host:port`, several with commas.
    public var bootstrapServers: String
    /// Settings of librdkafka, over this client's defaults; those that it must own are refused by name.
    public var properties: [KafkaProperty] = []
    /// How long a record may take to be acknowledged before its report is an error. Default: nil, as long as it takes: a
    /// broker that is away is waited for, the queue fills, and the full queue is the back-pressure.
    public var deliveryTimeout: Duration?
    /// Time between statistics, at least 1 s; nil: none.
    public var statisticsInterval: Duration?
    /// How the client names itself to the brokers. Default: `integration-bridge`.
    public var clientID = "integration-bridge"
    /// Takes librdkafka's log lines, on the delivery thread: it must not block.
    public var onLog: (@Sendable (KafkaLogLine) -> Void)?
    /// Takes statistics, on the delivery thread: it must not block.
    public var onStatistics: (@Sendable (KafkaStatistics) -> Void)?
    /// Takes errors that are not those of a record, on the delivery thread: it must not block.
    public var onError: (@Sendable (KafkaError) -> Void)?

    /// Names where to write.
    public init(bootstrapServers: String) {
        self.bootstrapServers = bootstrapServers
    }

    /// What users may change.
    private static let defaults = [
        KafkaProperty("compression.type", "lz4"),
        KafkaProperty("linger.ms", "5"),
        KafkaProperty("queue.buffering.max.messages", "5000"),
        KafkaProperty("queue.buffering.max.kbytes", "16384"),
        KafkaProperty("socket.nagle.disable", "true"),
        KafkaProperty("socket.keepalive.enable", "true"),
    ]

    func makeNative() throws(KafkaError) -> NativeConfiguration {
        guard !bootstrapServers.isEmpty else {
            throw KafkaError(.invalidArgument, "The producer has no bootstrap servers: name at least one host:port.")
        }
        let native = NativeConfiguration()
        try native.set(Self.defaults)
        try native.set("client.id", clientID)
        for property in properties {
            if let refusal = KafkaProperty.refusal(ofProducerProperty: property.name) {
                throw KafkaError(.invalidArgument, refusal)
            }
        }
        try native.set(properties)
        try native.set([
            KafkaProperty("bootstrap.servers", bootstrapServers),
            KafkaProperty("enable.idempotence", "true"),
            KafkaProperty("message.timeout.ms", String(deliveryTimeout.map { max(1, $0.clampedMilliseconds) } ?? 0)),
            KafkaProperty("allow.auto.create.topics", "false"),
            KafkaProperty("log.queue", "true"),
            KafkaProperty("statistics.interval.ms", String(statisticsInterval.statisticsMilliseconds)),
        ])
        native.setEvents(RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_LOG)
        return native
    }
}
