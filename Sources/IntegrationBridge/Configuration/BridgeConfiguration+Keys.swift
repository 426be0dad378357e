extension BridgeConfiguration {
    /// Every key there is, in the order of the documentation. The file, the environment, help and the schema follow it.
    public static let keys: [ConfigurationKey] =
        kafkaKeys + requestKeys + apiKeys + lookupKeys + breakerKeys + cacheKeys + deliveryKeys + outputKeys
        + serviceKeys

    private static let kafkaKeys: [ConfigurationKey] = [
        .list(
            "kafka.bootstrapServers", \.kafka.bootstrapServers, "The brokers to begin with, each host:port.",
            .init(isRequired: true)),
        .properties("kafka.properties", \.kafka.properties, "Settings of librdkafka for every client."),
        .properties(
            "kafka.consumerProperties", \.kafka.consumerProperties, "Settings of librdkafka for the consumer alone."),
        .properties(
            "kafka.producerProperties", \.kafka.producerProperties, "Settings of librdkafka for the producer alone."),
    ]

    private static let requestKeys: [ConfigurationKey] = [
        .list("requests.topics", \.requests.topics, "The topics to read requests from."),
        .text("requests.groupId", \.requests.groupID, "The consumer group that keeps the bridge's offsets."),
        .text(
            "requests.idPointer", \.requests.idPointer,
            "Where the integration id is in a JSON request, an RFC 6901 pointer; empty for the whole value."),
        .choice("requests.startFrom", \.requests.startFrom, "Where to begin when the group has no committed offset."),
        .text("integrations.topic", \.integrations.topic, "The topic for resolved integrations."),
        .text("failures.topic", \.failures.topic, "The topic for failures."),
    ]

    private static let apiKeys: [ConfigurationKey] = [
        .text("api.baseUrl", \.api.baseURL, "The Notifications API: https, or http to loopback."),
        .choice("api.auth", \.api.auth, "How calls are authenticated."),
        .text("api.key", \.api.key, "The API key's id."),
        .secret("api.secret", \.api.secret, "The API key's secret; better kept in a file, see api.secretFile."),
        .text(
            "api.secretFile", \.api.secretFile,
            "A file that holds the API key's secret; it is read again when it changes."),
        .text(
            "api.sts.identityPoolId", \.api.sts.identityPoolID, "The identity pool of the token exchange."),
        .text(
            "api.sts.subjectTokenFile", \.api.sts.subjectTokenFile,
            "A file that holds the subject token of the token exchange; it is read again for each."),
        .duration("api.sts.expiresIn", \.api.sts.expiresIn, "How long an exchanged token is asked to live."),
        .duration("api.timeout", \.api.timeout, "What one attempt may take, connecting included."),
        .text("api.tls.caFile", \.api.tls.caFile, "A PEM file of the authorities to trust instead of the system's."),
        .secret(
            "api.proxyUrl", \.api.proxyURL,
            "An HTTP proxy for the API's calls, http://host:port or http://user:password@host:port."),
        .boolean("api.allowInsecure", \.api.allowInsecure, "Whether plain http to other than loopback is accepted."),
        .choice(
            "api.onUnauthorized", \.api.onUnauthorized,
            "While the API refuses the credentials: pause keeps the records, fail makes them failures."),
    ]

    private static let lookupKeys: [ConfigurationKey] = [
        .integer("lookup.maxInFlight", \.lookup.maxInFlight, "How many distinct ids are looked up at once."),
        .size(
            "lookup.maxHeldBytes", \.lookup.maxHeldBytes,
            "How much may be queued, in flight, waiting for a retry or held back for order."),
        .integer("lookup.maxAttempts", \.lookup.maxAttempts, "How many calls are made for one id at most."),
        .duration(
            "lookup.retryFor", \.lookup.retryFor,
            "How long one id is tried at most; whichever of this and lookup.maxAttempts ends first."),
        .duration(
            "lookup.backoff.initial", \.lookup.backoff.initial,
            "The longest wait before the first retry, fully jittered."
        ),
        .duration("lookup.backoff.max", \.lookup.backoff.max, "The longest wait before any retry, fully jittered."),
        .number(
            "lookup.maxRequestsPerSecond", \.lookup.maxRequestsPerSecond,
            "A ceiling for calls, under what the API allows."),
    ]

    private static let breakerKeys: [ConfigurationKey] = [
        .number(
            "breaker.failureRatio", \.breaker.failureRatio, "The share of failed calls that opens the breaker."),
        .duration(
            "breaker.window", \.breaker.window, "The time over which calls are counted; 0s turns the breaker off."),
        .integer(
            "breaker.minimumCalls", \.breaker.minimumCalls,
            "How many calls the window must hold before the breaker opens."),
        .duration(
            "breaker.openFor", \.breaker.openFor, "How long the breaker stays open before it probes."),
    ]

    private static let cacheKeys: [ConfigurationKey] = [
        .size("cache.maxBytes", \.cache.maxBytes, "How much the cache holds; 0 turns it off."),
        .duration("cache.ttl", \.cache.ttl, "How long an integration is good; 0s turns it off."),
        .duration(
            "cache.negativeTtl", \.cache.negativeTTL, "How long \"not found\" and \"forbidden\" are good."),
        .duration(
            "cache.staleWhileRevalidate", \.cache.staleWhileRevalidate,
            "How long past its TTL an answer is given while a new one is fetched."),
        .duration(
            "cache.staleIfError", \.cache.staleIfError,
            "How long past its TTL an answer is given while the API fails."),
    ]

    private static let deliveryKeys: [ConfigurationKey] = [
        .choice(
            "delivery.guarantee", \.delivery.guarantee, "What is promised about outputs and committed offsets."),
        .choice(
            "delivery.order", \.delivery.order, "The order of outputs; exactlyOnce implies partition.",
            .init(defaultText: "unordered")),
        .text(
            "delivery.transactionalId", \.delivery.transactionalID,
            "Unique to an instance, the same after its restart; without it, the group id and the host's name."),
        .duration(
            "delivery.commitInterval", \.delivery.commitInterval,
            "The time between commits of offsets, or of transactions (there 100ms by default).",
            .init(defaultText: "1s")),
    ]

    private static let outputKeys: [ConfigurationKey] = [
        .choice("output.key", \.output.key, "An output's key: the request's key, or always the integration id."),
        .choice("output.redact", \.output.redact, "What is left out of a document: nothing, or the URLs of webhooks."),
        .size(
            "output.requestValueLimit", \.output.requestValueLimit,
            "How much of the request's value is kept in lookup.request."),
    ]

    private static let serviceKeys: [ConfigurationKey] = [
        .number(
            "replay.quotaShare", \.replay.quotaShare, "The share of the API's rate that a replay may spend.",
            .init(isYetToCome: true)),
        .text(
            "operations.host", \.operations.host, "The address that health and metrics are served on.",
            .init(isYetToCome: true)),
        .integer(
            "operations.port", \.operations.port, "The port that health and metrics are served on; without it, none.",
            .init(isYetToCome: true)),
        .duration(
            "shutdown.gracePeriod", \.shutdown.gracePeriod, "What ending may take: drain, flush, commit and leave."),
        .choice("log.level", \.log.level, "The least severe events that are logged."),
        .choice("log.format", \.log.format, "Log lines for people, or one JSON object each."),
    ]
}
