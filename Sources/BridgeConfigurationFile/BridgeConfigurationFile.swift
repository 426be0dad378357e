public import IntegrationBridge

/// Reads a ``BridgeConfiguration`` from a YAML file and the environment.
public enum BridgeConfigurationFile {
    /// Reads the file, then the environment, which wins, and validates the result.
    ///
    /// - Parameters:
    ///   - path: A YAML file of at most 1 MiB; nil for none, where the environment is all there is.
    ///   - environment: The variables to look at; only those that begin with `INTEGRATION_BRIDGE_` count.
    /// - Throws: `BridgeConfigurationError` with every problem found, each with its line or variable.
    public static func load(
        path: String?, environment: [String: String]
    ) throws(BridgeConfigurationError) -> BridgeConfiguration {
        var loader = Loader()
        if let path { loader.readFile(path, try FileBytes.read(path)) }
        loader.readEnvironment(environment)
        return try loader.finish()
    }

    /// Reads a YAML text as if it were the file `name`; see ``load(path:environment:)``.
    package static func load(
        yaml: [UInt8], name: String, environment: [String: String]
    ) throws(BridgeConfigurationError) -> BridgeConfiguration {
        var loader = Loader()
        loader.readFile(name, yaml)
        loader.readEnvironment(environment)
        return try loader.finish()
    }
}
