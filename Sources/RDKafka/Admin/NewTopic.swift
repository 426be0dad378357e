/// A topic to create.
public struct NewTopic: Hashable, Sendable {
    /// The name.
    public var name: String
    /// How many partitions, from 1.
    public var partitions: Int32
    /// How many brokers hold each; -1: the broker's default.
    public var replicationFactor: Int32
    /// Kafka's topic settings, such as `retention.ms`.
    public var configuration: [String: String]

    /// Describes a topic to create.
    public init(
        name: String, partitions: Int32 = 1, replicationFactor: Int32 = -1, configuration: [String: String] = [:]
    ) {
        self.name = name
        self.partitions = partitions
        self.replicationFactor = replicationFactor
        self.configuration = configuration
    }
}
