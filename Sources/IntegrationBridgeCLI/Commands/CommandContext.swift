internal import BridgeConfigurationFile
internal import Foundation
internal import IntegrationBridge

/// What a command has of the world around it.
struct CommandContext: Sendable {
    var environment: [String: String]
    /// Takes results.
    var output: any TextOutput
    /// Takes messages, progress and the log.
    var errors: any TextOutput

    /// Colours for what goes to `output`.
    var style: Style { Style(for: output, environment: environment) }

    /// The default of `--config`.
    static let defaultConfigurationPath = "config/bridge.yaml"

    /// Where the configuration comes from: the file named, else the default one; nil where that is not there and the
    /// environment alone says where Kafka is.
    func configurationPath(_ invocation: Invocation) -> String? {
        if let path = invocation.value(of: "--config") { return path }
        let isThere = FileManager.default.fileExists(atPath: Self.defaultConfigurationPath)
        let isInEnvironment = environment.keys.contains("INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS")
        return !isThere && isInEnvironment ? nil : Self.defaultConfigurationPath
    }

    /// Reads the configuration from the file and the environment.
    func configuration(_ invocation: Invocation) throws(BridgeConfigurationError) -> BridgeConfiguration {
        try BridgeConfigurationFile.load(path: configurationPath(invocation), environment: environment)
    }
}
