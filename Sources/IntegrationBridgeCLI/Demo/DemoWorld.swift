internal import IntegrationBridge
internal import NotificationsAPISimulator
internal import RDKafka

/// What the demo's bridge needs: a Kafka and an API, both in this process.
struct DemoWorld: Sendable {
    static let requestsTopic = "integration-lookups"
    static let partitions = 4

    let cluster: MockCluster
    let simulator: Simulator
    let configuration: BridgeConfiguration

    /// - Parameter settings: what of lookup, cache and breaker is taken from; the demo's own where there is none.
    init(settings own: BridgeConfiguration? = nil) throws {
        cluster = try MockCluster()
        var settings = SimulatorConfiguration()
        settings.latency = .milliseconds(5)
        simulator = try Simulator(settings)
        var configuration = BridgeConfiguration(bootstrapServers: cluster.bootstrapServers)
        configuration.requests.topics = [Self.requestsTopic]
        configuration.kafka.consumerProperties = Self.sessionSettings.map { .init(name: $0.name, value: $0.value) }
        configuration.api.baseURL = simulator.baseURL
        configuration.api.auth = .none
        if let own {
            (configuration.lookup, configuration.cache, configuration.breaker) = (own.lookup, own.cache, own.breaker)
        } else {
            configuration.lookup.backoff.initial = .milliseconds(20)
            configuration.lookup.backoff.max = .milliseconds(100)
        }
        configuration.delivery.commitInterval = .milliseconds(200)
        configuration.shutdown.gracePeriod = .seconds(10)
        self.configuration = configuration
        for topic in [Self.requestsTopic] + outputs { try cluster.createTopic(topic, partitions: Self.partitions) }
    }

    var outputs: [String] { [configuration.integrations.topic, configuration.failures.topic] }

    /// The mock cluster lets a first join take the session timeout less a second.
    static let sessionSettings = [
        KafkaProperty("session.timeout.ms", "4000"), KafkaProperty("heartbeat.interval.ms", "500"),
    ]

    /// A reader of the output topics, as a downstream service would be.
    func reader() throws(KafkaError) -> Consumer {
        var configuration = ConsumerConfiguration(
            bootstrapServers: cluster.bootstrapServers, groupID: "demo-reader", topics: outputs)
        configuration.properties = Self.sessionSettings
        return try Consumer(configuration, delegate: Reader())
    }

    /// Puts the requests on their topic; each has its number as its key.
    func send(_ requests: [DemoRequest]) async throws {
        let tally = SendTally()
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) {
            tally.take($0)
        }
        _ = try await producer.metadata(topic: Self.requestsTopic, timeout: .seconds(10))
        let topic = try producer.topic(Self.requestsTopic)
        for (number, request) in requests.enumerated() {
            while true {
                do throws(KafkaError) {
                    try RequestSender.produce(
                        request.value, key: DemoRequest.key(number), headers: request.headers, to: topic, producer)
                    break
                } catch {
                    guard error.code == .queueFull else { throw error }
                    // Room comes with deliveries.
                    try await producer.flush(timeout: .seconds(30))
                }
            }
        }
        try await producer.flush(timeout: .seconds(30))
        await producer.close(timeout: .seconds(1))
        if let error = tally.firstError { throw error }
    }

    /// How many records the output topics hold, and up to which offsets the requests are committed.
    func totals() async throws(KafkaError) -> (results: Int, committed: Int) {
        let group = try GroupReader(
            ConsumerConfiguration(
                bootstrapServers: cluster.bootstrapServers, groupID: configuration.requests.groupID,
                topics: [Self.requestsTopic]))
        let ranges = try await group.watermarks(of: Self.all(outputs), timeout: .seconds(10))
        let committed = try await group.committed(Self.all([Self.requestsTopic]), timeout: .seconds(10))
        return (
            ranges.values.reduce(0) { $0 + Int($1.high - $1.low) }, committed.values.reduce(0) { $0 + Int($1) }
        )
    }

    private static func all(_ topics: [String]) -> [TopicPartition] {
        topics.flatMap { topic in
            (0..<partitions).map { TopicPartition(topic: topic, partition: Int32($0)) }
        }
    }

    /// Reads from the start each time and commits nothing.
    private final class Reader: ConsumerDelegate {
        func consumer(assigned: [AssignedPartition]) {}
        func consumer(lost: [AssignedPartition]) {}
        func consumer(revoked: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset] { [] }
    }
}
