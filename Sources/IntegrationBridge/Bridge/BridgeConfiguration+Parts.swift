internal import CURLTransport
internal import Foundation
internal import JSONText
internal import NotificationsAPI
internal import RDKafka

/// What the bridge's parts take from the configuration.
extension BridgeConfiguration {
    func consumer(log: EventLog) -> ConsumerConfiguration {
        var consumer = ConsumerConfiguration(
            bootstrapServers: kafka.bootstrapServers.joined(separator: ","), groupID: requests.groupID,
            topics: requests.topics)
        consumer.properties = Self.properties(kafka.properties + kafka.consumerProperties)
        consumer.startFrom =
            switch requests.startFrom {
            case .earliest: .earliest
            case .latest: .latest
            case .error: .error
            }
        // Offsets in a transaction that another instance left open are waited for.
        if delivery.guarantee == .exactlyOnce { consumer.openTransactionWindow = transactionTimeout + .seconds(10) }
        consumer.onLog = { log.kafka("consumer", $0) }
        consumer.onError = { log.kafka("consumer", $0) }
        return consumer
    }

    func producer(log: EventLog) -> ProducerConfiguration {
        var producer = ProducerConfiguration(bootstrapServers: kafka.bootstrapServers.joined(separator: ","))
        producer.properties = Self.properties(kafka.properties + kafka.producerProperties)
        producer.onLog = { log.kafka("producer", $0) }
        producer.onError = { log.kafka("producer", $0) }
        return producer
    }

    /// So long a crash holds back those who read the outputs: no longer than it takes to be sure.
    var transactionTimeout: Duration { .seconds(10) + delivery.resolvedCommitInterval * 2 }

    /// A producer of results whose reports go to the inlet.
    ///
    /// - Parameter largestBatch: what the output topics take at most.
    func resultProducer(
        log: EventLog, inlet: ReportInlet, counters: BridgeCounters, largestBatch: Int? = nil
    ) throws(KafkaError) -> ResultProducer {
        var settings = producer(log: log)
        settings.largestBatch = largestBatch
        if delivery.guarantee == .exactlyOnce {
            settings.transactionalID = resolvedTransactionalID(hostName: ProcessInfo.processInfo.hostName)
            settings.transactionTimeout = transactionTimeout
        }
        let report = settings.onError
        settings.onError = { error in
            inlet.take(error)
            report?(error)
        }
        return try ResultProducer(
            try Producer(settings, onRoom: { inlet.makeRoom() }, onDeliveries: { inlet.take($0) }),
            integrations: integrations.topic, failures: failures.topic,
            largestRecord: settings.largestRecord, counters: counters)
    }

    private static func properties(_ properties: [Property]) -> [KafkaProperty] {
        properties.map { KafkaProperty($0.name, $0.value) }
    }

    var resolverLimits: ResolverLimits {
        ResolverLimits(
            maxInFlight: lookup.maxInFlight, maxHeldBytes: lookup.maxHeldBytes, maxAttempts: lookup.maxAttempts,
            retryFor: lookup.retryFor,
            backoff: RetrySchedule(initial: lookup.backoff.initial, maximum: lookup.backoff.max),
            maxRequestsPerSecond: lookup.maxRequestsPerSecond,
            doorBackoff: RetrySchedule(initial: .seconds(1), maximum: .seconds(30)),
            breaker: CircuitBreaker.Limits(
                failureRatio: breaker.failureRatio, window: breaker.window, minimumCalls: breaker.minimumCalls,
                openFor: breaker.openFor), cacheMaxBytes: cache.maxBytes,
            documentLifetime: CacheLifetime(
                fresh: cache.ttl, revalidate: cache.staleWhileRevalidate, ifError: cache.staleIfError),
            failureLifetime: CacheLifetime(fresh: cache.negativeTTL, revalidate: .zero, ifError: .zero))
    }

    var answerRules: AnswerRules {
        AnswerRules(
            failsWhenUnauthorized: api.onUnauthorized == .fail, redactsWebhookURLs: output.redact == .webhookUrls)
    }

    var outputFormat: OutputFormat {
        OutputFormat(
            key: output.key == .integrationId ? .integrationID : .request,
            requestValueLimit: output.requestValueLimit, eventSource: eventSource)
    }

    /// `/integration-bridge/<group>`: a URI reference, the group's name percent-encoded (CloudEvents 1.0.2, `source`).
    private var eventSource: [UInt8] {
        let group = requests.groupID.addingPercentEncoding(withAllowedCharacters: .urlPathAllowed) ?? ""
        return Array("/integration-bridge/\(group)".utf8)
    }
}

extension EventLog {
    func kafka(_ client: String, _ line: KafkaLogLine) {
        let level: LogLevel =
            switch line.level {
            case .emergency, .alert, .critical, .error, .warning: .warning
            case .notice, .info: .debug
            case .debug: .trace
            }
        self(
            level, "librdkafka logged a line",
            [("client", client), ("facility", line.facility), ("line", line.message)])
    }

    func kafka(_ client: String, _ error: KafkaError) {
        self(
            error.isFatal ? .error : .warning, "The Kafka client met an error",
            [("client", client), ("code", error.name), ("error", error.message)])
    }
}
