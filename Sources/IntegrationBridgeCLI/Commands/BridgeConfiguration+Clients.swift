internal import IntegrationBridge
internal import RDKafka

extension BridgeConfiguration.Kafka {
    /// How the tools write.
    var producerConfiguration: ProducerConfiguration {
        var producer = ProducerConfiguration(bootstrapServers: servers)
        producer.properties = producerSettings
        return producer
    }

    /// As the client library takes them.
    var servers: String { bootstrapServers.joined(separator: ",") }
    var producerSettings: [KafkaProperty] { Self.settings(properties + producerProperties) }
    var consumerSettings: [KafkaProperty] { Self.settings(properties + consumerProperties) }

    private static func settings(_ properties: [BridgeConfiguration.Property]) -> [KafkaProperty] {
        properties.map { KafkaProperty($0.name, $0.value) }
    }
}
