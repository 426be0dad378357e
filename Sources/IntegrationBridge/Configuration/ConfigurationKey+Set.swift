extension ConfigurationKey {
    /// Whether a configuration has another value than the default.
    package func isSet(in configuration: BridgeConfiguration) -> Bool {
        text(in: configuration) != text(in: BridgeConfiguration(bootstrapServers: configuration.kafka.bootstrapServers))
    }
}
