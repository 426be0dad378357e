import BridgeConfigurationFile
import IntegrationBridge

/// Loads configurations as the executable does, from texts.
enum Loading {
    /// What is needed besides the defaults.
    static let base = [
        "INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:9092", "INTEGRATION_BRIDGE_API_AUTH": "none",
    ]

    static func load(_ yaml: String, _ environment: [String: String] = base) throws -> BridgeConfiguration {
        try BridgeConfigurationFile.load(yaml: Array(yaml.utf8), name: "bridge.yaml", environment: environment)
    }

    static func load(_ changes: KeyValuePairs<String, String>) throws -> BridgeConfiguration {
        try load("", environment(changes))
    }

    static func problems(
        bytes: [UInt8], _ environment: [String: String] = base
    ) -> [BridgeConfigurationError.Problem] {
        do throws(BridgeConfigurationError) {
            _ = try BridgeConfigurationFile.load(yaml: bytes, name: "bridge.yaml", environment: environment)
            return []
        } catch { return error.problems }
    }

    static func problems(
        _ yaml: String, _ environment: [String: String] = base
    ) -> [BridgeConfigurationError.Problem] {
        problems(bytes: Array(yaml.utf8), environment)
    }

    /// What is wrong when these keys are set by the environment.
    static func problems(_ changes: KeyValuePairs<String, String>) -> [BridgeConfigurationError.Problem] {
        problems("", environment(changes))
    }

    static func messages(_ yaml: String, _ environment: [String: String] = base) -> String {
        problems(yaml, environment).map(\.description).joined(separator: "\n")
    }

    static func messages(_ changes: KeyValuePairs<String, String>) -> String {
        problems(changes).map(\.description).joined(separator: "\n")
    }

    private static func environment(_ changes: KeyValuePairs<String, String>) -> [String: String] {
        var environment = base
        for (name, text) in changes { environment[variable(name)] = text }
        return environment
    }

    private static func variable(_ name: String) -> String {
        BridgeConfiguration.keys.first { $0.name == name }?.environmentVariable ?? "NO_SUCH_KEY"
    }
}
