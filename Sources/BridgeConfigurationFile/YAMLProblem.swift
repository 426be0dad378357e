internal import IntegrationBridge

/// What is wrong with a YAML text, and where.
struct YAMLProblem: Error, Equatable {
    var code: BridgeConfigurationError.Code = .syntax
    var key: String?
    var line: Int
    var column: Int
    var message: String
}
