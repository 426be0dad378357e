internal import CLibRDKafka

/// A producer's delivery thread: reports acknowledgements, errors, statistics and log lines as they come.
///
/// It is there because flush and the transaction calls do not serve reports, and so that they come without delay.
final class DeliveryLoop {
    private let configuration: ProducerConfiguration
    private let queue: NativeQueue
    private let sendQueue: SendQueue
    private let reporter: DeliveryReporter
    private let ended: Signal
    private var reports: [DeliveryReport] = []
    private var lastError: (code: rd_kafka_resp_err_t, topic: OpaquePointer?, error: KafkaError)?

    init(
        _ configuration: ProducerConfiguration, queue: NativeQueue, sendQueue: SendQueue, reporter: DeliveryReporter,
        ended: Signal
    ) {
        self.configuration = configuration
        self.queue = queue
        self.sendQueue = sendQueue
        self.reporter = reporter
        self.ended = ended
    }

    func run() {
        // The producer is released without being closed: its records have had their chance, and no thread may stay.
        while !sendQueue.isStopping {
            if let event = queue.poll(milliseconds: 1_000) { handle(event) }
        }
        // What was reported before the stop was asked for is still told.
        while let event = queue.poll(milliseconds: 0) { handle(event) }
        reporter.sends.failAll(.closed("producer"))
        ended.fire()
    }

    private func handle(_ event: borrowing NativeEvent) {
        switch event.type {
        case RD_KAFKA_EVENT_DR: report(event)
        case RD_KAFKA_EVENT_ERROR:
            var error = event.kafkaError()
            if error.code == .fatal, let fatal = queue.client.fatalError { error = fatal }
            configuration.onError?(error)
        case RD_KAFKA_EVENT_LOG:
            if let onLog = configuration.onLog, let line = event.logLine { onLog(line) }
        case RD_KAFKA_EVENT_STATS:
            guard let onStatistics = configuration.onStatistics else { return }
            event.withStatistics { text in
                if let statistics = KafkaStatistics(json: text) { onStatistics(statistics) }
            }
        default: break
        }
    }

    private func report(_ event: borrowing NativeEvent) {
        var count = 0
        while let message = event.nextMessage() {
            count += 1
            let report = DeliveryReport(
                token: UInt64(UInt(bitPattern: message.pointee._private)), partition: message.pointee.partition,
                offset: message.pointee.offset, error: error(of: message))
            reporter.sort(report, into: &reports)
        }
        // There is room for as many before anybody is told.
        sendQueue.reported(count)
        reporter.tell(reports)
        // The storage is used again, unless the callee kept it.
        reports.removeAll(keepingCapacity: true)
    }

    /// Records fail in long rows for one reason: its text is made once.
    private func error(of message: UnsafePointer<rd_kafka_message_t>) -> KafkaError? {
        let code = message.pointee.err
        guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { return nil }
        if let lastError, lastError.code == code, lastError.topic == message.pointee.rkt { return lastError.error }
        let topic = message.pointee.rkt.map { String(cString: rd_kafka_topic_name($0)) }
        let isFatal = code == RD_KAFKA_RESP_ERR__FATAL
        let error = KafkaError(
            KafkaError.Code(code),
            "A record for the topic '\(topic ?? "")' was not delivered: \(Self.advice(code))", isFatal: isFatal,
            topic: topic)
        lastError = (code, message.pointee.rkt, error)
        return error
    }

    private static func advice(_ code: rd_kafka_resp_err_t) -> String {
        let text = String(cString: rd_kafka_err2str(code))
        return switch code {
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC,
            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
            "\(text); create the topic, or correct its name"
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED: "\(text); grant this principal Write on it"
        case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
            """
            \(text): the topic's max.message.bytes holds for a whole batch; raise it, or lower batch.size of the producer \
            below it
            """
        case RD_KAFKA_RESP_ERR_INVALID_RECORD: "\(text); a topic with cleanup.policy=compact takes none without a key"
        case RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP:
            "\(text); raise the topic's message.timestamp.before.max.ms or message.timestamp.after.max.ms"
        default: text
        }
    }
}
