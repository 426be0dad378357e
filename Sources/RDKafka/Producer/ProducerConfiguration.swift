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
    /// Makes the producer transactional: the name by which a later one takes over from it, and fences it. Stable over
    /// restarts, and no two producers at a time may have the same. Default: nil, no transactions.
    public var transactionalID: String?
    /// How long a transaction may be open, and its records undelivered, before the broker ends it and the producer with it:
    /// 1 s to 15 min, which is the most that brokers allow by default. Short, because so long a transaction that a crash
    /// has left open holds back those who read its partitions, or take over its group's. Default: 10 s.
    public var transactionTimeout: Duration = .seconds(10)
    /// What the brokers take at most of a batch of records. A record that does not fit is refused with `messageTooLarge`
    /// before it is sent. Default: nil, `message.max.bytes` alone counts.
    public var largestBatch: Int?
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
        // What is handed over goes out at once, by a flush: this is for what was not flushed.
        KafkaProperty("linger.ms", "50"),
        KafkaProperty("queue.buffering.max.messages", String(usualRecords)),
        KafkaProperty("socket.nagle.disable", "true"),
        KafkaProperty("socket.keepalive.enable", "true"),
    ]

    func makeNative() throws(KafkaError) -> NativeConfiguration {
        guard !bootstrapServers.isEmpty else {
            throw KafkaError(.invalidArgument, "The producer has no bootstrap servers: name at least one host:port.")
        }
        try checkTransactions()
        let native = NativeConfiguration()
        try native.set(Self.defaults)
        try native.set("client.id", clientID)
        for property in properties {
            if let refusal = KafkaProperty.refusal(ofProducerProperty: property.name) {
                throw KafkaError(.invalidArgument, refusal)
            }
        }
        try native.set(properties)
        try setMessageLimit(native)
        try native.set([
            KafkaProperty("bootstrap.servers", bootstrapServers),
            KafkaProperty("enable.idempotence", "true"),
            KafkaProperty("message.timeout.ms", String(messageTimeout)),
            KafkaProperty("allow.auto.create.topics", "false"),
            KafkaProperty("log.queue", "true"),
            KafkaProperty("statistics.interval.ms", String(statisticsInterval.statisticsMilliseconds)),
        ])
        if let transactionalID {
            try native.set("transactional.id", transactionalID)
            try native.set("transaction.timeout.ms", String(transactionTimeout.clampedMilliseconds))
        }
        native.setEvents(RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR | RD_KAFKA_EVENT_STATS | RD_KAFKA_EVENT_LOG)
        return native
    }

    /// The largest record in bytes, as `message.max.bytes` limits it, which is a batch's limit too.
    package var largestRecord: Int {
        let own = number(of: "message.max.bytes") ?? Self.usualLargestRecord
        // What a batch takes beyond the keys, values and headers of one record; less than 1,000 librdkafka refuses.
        return largestBatch.map { min(own, max(1_000, $0 - 256)) } ?? own
    }

    /// What may wait before it is given to the library.
    var sendLimits: SendQueue.Limits {
        let records = number(of: "queue.buffering.max.messages") ?? Self.usualRecords
        let queue = 1_024 * (number(of: "queue.buffering.max.kbytes") ?? Self.usualQueue)
        // Two names of one setting, of which the last one counts. Checked by the library, which lets "nan" pass.
        let linger =
            properties.last { ["linger.ms", "queue.buffering.max.ms"].contains($0.name) }
            .flatMap { Double($0.value) }
        return SendQueue.Limits(
            records: records > 0 ? records : .max, bytes: min(Self.mostWaiting, queue / 2), recordBytes: largestRecord,
            linger: linger.map { .milliseconds($0.isFinite ? $0 : 0) })
    }

    private static let usualRecords = 2_500
    private static let mostWaiting = 4 << 20
    private static let usualLargestRecord = 1_000_000
    /// In KiB.
    private static let usualQueue = 16_384

    private func number(of name: String) -> Int? {
        properties.last { $0.name == name }.flatMap { Int($0.value) }
    }

    private func setMessageLimit(_ native: borrowing NativeConfiguration) throws(KafkaError) {
        if largestBatch != nil { try native.set("message.max.bytes", String(largestRecord)) }
        guard let queue = number(of: "queue.buffering.max.kbytes") else {
            // A record that is larger than the queue would never go out.
            let needed = max(Self.usualQueue, (largestRecord + 1_023) / 1_024)
            return try native.set("queue.buffering.max.kbytes", String(needed))
        }
        guard queue * 1_024 < largestRecord else { return }
        throw KafkaError(
            .invalidArgument,
            "queue.buffering.max.kbytes is \(queue), less than one record of message.max.bytes (\(largestRecord)) takes:"
                + " it would never go out. Raise the one, or lower the other.")
    }

    /// Milliseconds; 0 is without end, which the library allows only outside transactions.
    private var messageTimeout: Int32 {
        if let deliveryTimeout { return max(1, deliveryTimeout.clampedMilliseconds) }
        return transactionalID == nil ? 0 : transactionTimeout.clampedMilliseconds
    }

    private func checkTransactions() throws(KafkaError) {
        guard let transactionalID else { return }
        guard !transactionalID.isEmpty else {
            throw KafkaError(.invalidArgument, "The transactional id is empty: name one that no other instance has.")
        }
        guard transactionTimeout >= .seconds(1), transactionTimeout <= .seconds(900) else {
            throw KafkaError(
                .invalidArgument,
                "The transaction timeout is \(transactionTimeout): it must be from 1 to 900 seconds.")
        }
        guard deliveryTimeout.map({ $0 <= transactionTimeout }) ?? true else {
            throw KafkaError(
                .invalidArgument,
                "The delivery timeout is longer than the transaction timeout of \(transactionTimeout): lower it.")
        }
    }
}
