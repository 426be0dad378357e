import BridgeConfigurationFile
import IntegrationBridge
import Testing

@Suite("Defaults") struct DefaultsTests {
    /// The table of the documentation: a name, and its default; nil where there is none.
    static let table: KeyValuePairs<String, String?> = [
        "kafka.bootstrapServers": nil,
        "kafka.properties": "",
        "kafka.consumerProperties": "",
        "kafka.producerProperties": "",
        "requests.topics": "integration-lookups",
        "requests.groupId": "integration-bridge",
        "requests.idPointer": "/integration_id",
        "requests.startFrom": "earliest",
        "integrations.topic": "integrations",
        "failures.topic": "integration-failures",
        "api.baseUrl": "https://api.confluent.cloud",
        "api.auth": "apiKey",
        "api.key": nil,
        "api.secret": nil,
        "api.secretFile": nil,
        "api.sts.identityPoolId": nil,
        "api.sts.subjectTokenFile": nil,
        "api.sts.expiresIn": nil,
        "api.timeout": "10s",
        "api.tls.caFile": nil,
        "api.proxyUrl": nil,
        "api.allowInsecure": "false",
        "api.onUnauthorized": "pause",
        "lookup.maxInFlight": "64",
        "lookup.maxHeldBytes": "64MiB",
        "lookup.maxAttempts": "5",
        "lookup.retryFor": "2m",
        "lookup.backoff.initial": "200ms",
        "lookup.backoff.max": "10s",
        "lookup.maxRequestsPerSecond": nil,
        "breaker.failureRatio": "0.5",
        "breaker.window": "10s",
        "breaker.minimumCalls": "20",
        "breaker.openFor": "5s",
        "cache.maxBytes": "32MiB",
        "cache.ttl": "5m",
        "cache.negativeTtl": "30s",
        "cache.staleWhileRevalidate": "1m",
        "cache.staleIfError": "1h",
        "delivery.guarantee": "atLeastOnce",
        "delivery.order": "unordered",
        "delivery.transactionalId": nil,
        "delivery.commitInterval": "1s",
        "output.key": "request",
        "output.redact": "none",
        "output.requestValueLimit": "16KiB",
        "replay.quotaShare": "0.5",
        "operations.host": "127.0.0.1",
        "operations.port": nil,
        "shutdown.gracePeriod": "30s",
        "log.level": "info",
        "log.format": "text",
    ]

    @Test("the keys are those of the table, in its order, with its defaults")
    func keys() {
        #expect(BridgeConfiguration.keys.map(\.name) == Self.table.map(\.key))
        for (key, row) in zip(BridgeConfiguration.keys, Self.table) {
            #expect(key.defaultText == row.value, "\(key.name)")
        }
        #expect(BridgeConfiguration.keys.filter(\.isRequired).map(\.name) == ["kafka.bootstrapServers"])
        #expect(BridgeConfiguration.keys.filter(\.isSecret).map(\.name) == ["api.secret", "api.proxyUrl"])
    }

    @Test("a variable is the prefix and the key in upper snake case, and no two keys share one")
    func variables() {
        let variables = Dictionary(
            BridgeConfiguration.keys.map { ($0.environmentVariable, $0.name) }, uniquingKeysWith: { "\($0) \($1)" })
        #expect(variables.count == BridgeConfiguration.keys.count)
        #expect(variables["INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS"] == "kafka.bootstrapServers")
        #expect(variables["INTEGRATION_BRIDGE_API_BASE_URL"] == "api.baseUrl")
        #expect(variables["INTEGRATION_BRIDGE_API_TLS_CA_FILE"] == "api.tls.caFile")
        #expect(variables["INTEGRATION_BRIDGE_LOOKUP_MAX_REQUESTS_PER_SECOND"] == "lookup.maxRequestsPerSecond")
    }

    @Test("what loads with nothing but brokers is what a host gets with nothing but brokers")
    func loadedEqualsCreated() throws {
        var created = BridgeConfiguration(bootstrapServers: "127.0.0.1:9092")
        created.api.auth = .none
        #expect(try Loading.load("") == created)
        try created.validate()
    }

    @Test("what depends on the guarantee follows it, unless it is given")
    func resolved() {
        var configuration = BridgeConfiguration(bootstrapServers: "a:1, b:2")
        #expect(configuration.kafka.bootstrapServers == ["a:1", "b:2"])
        #expect(configuration.delivery.resolvedOrder == .unordered)
        #expect(configuration.delivery.resolvedCommitInterval == .seconds(1))
        configuration.delivery.guarantee = .exactlyOnce
        #expect(configuration.delivery.resolvedOrder == .partition)
        #expect(configuration.delivery.resolvedCommitInterval == .milliseconds(100))
        configuration.delivery.commitInterval = .seconds(3)
        #expect(configuration.delivery.resolvedCommitInterval == .seconds(3))
        #expect(configuration.resolvedTransactionalID(hostName: "h") == "integration-bridge-h")
        configuration.delivery.transactionalID = "t"
        #expect(configuration.resolvedTransactionalID(hostName: "h") == "t")
    }

    @Test("what has no effect yet says so, and nothing else does")
    func yetToCome() {
        #expect(
            BridgeConfiguration.keys.filter(\.isYetToCome).map(\.name) == [
                "replay.quotaShare", "operations.host", "operations.port",
            ])
    }
}
