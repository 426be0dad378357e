extension BridgeConfiguration {
    /// The Kafka cluster, and settings of librdkafka.
    public struct Kafka: Sendable, Equatable {
        /// Brokers to begin with, each `host:port`; at least one. Required.
        public var bootstrapServers: [String]
        /// Settings of librdkafka for every client. Default: none beyond the bridge's own.
        public var properties: [Property] = []
        /// Settings of librdkafka for the consumer alone; they win over `properties`. Default: none.
        public var consumerProperties: [Property] = []
        /// Settings of librdkafka for the producer alone; they win over `properties`. Default: none.
        public var producerProperties: [Property] = []

        /// Names the brokers.
        public init(bootstrapServers: [String]) {
            self.bootstrapServers = bootstrapServers
        }
    }
}
