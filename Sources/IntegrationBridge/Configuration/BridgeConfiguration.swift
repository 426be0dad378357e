/// Everything that can be set about a bridge, with the defaults of the table of keys.
///
/// A host that embeds the bridge fills this in directly; the executable reads it from a YAML file and the environment.
/// ``validate()`` says whether it can be used.
public struct BridgeConfiguration: Sendable, Equatable {
    /// The Kafka cluster, and settings of librdkafka.
    public var kafka: Kafka
    /// The topics that requests come from.
    public var requests = Requests()
    /// Where resolved integrations go.
    public var integrations = Integrations()
    /// Where failures go.
    public var failures = Failures()
    /// The Notifications API and how to authenticate to it.
    public var api = API()
    /// How ids are looked up: concurrency, memory, retries.
    public var lookup = Lookup()
    /// When calls pause because too many of them fail.
    public var breaker = Breaker()
    /// What is remembered of the API's answers.
    public var cache = Cache()
    /// What is promised about outputs and offsets.
    public var delivery = Delivery()
    /// What output records look like.
    public var output = Output()
    /// Backfills.
    public var replay = Replay()
    /// The server for health and metrics.
    public var operations = Operations()
    /// How the bridge ends.
    public var shutdown = Shutdown()
    /// The executable's log.
    public var log = Log()

    /// Creates a configuration with every default.
    ///
    /// - Parameter bootstrapServers: Brokers to begin with, each `host:port`; at least one.
    public init(bootstrapServers: [String]) {
        self.kafka = Kafka(bootstrapServers: bootstrapServers)
    }

    /// Creates a configuration with every default.
    ///
    /// - Parameter bootstrapServers: Brokers to begin with, each `host:port`, separated by commas.
    public init(bootstrapServers: String) {
        self.init(bootstrapServers: ListText.items(bootstrapServers))
    }

    /// The transactional id in use: the one configured, else `<group id>-<host name>`.
    public func resolvedTransactionalID(hostName: String) -> String {
        delivery.transactionalID ?? "\(requests.groupID)-\(hostName)"
    }
}
