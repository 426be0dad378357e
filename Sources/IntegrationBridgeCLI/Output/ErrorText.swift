internal import CURLTransport
internal import IntegrationBridge
internal import RDKafka

/// What is said of an error: its message, without the names of types.
enum ErrorText {
    static func text(of error: any Error) -> String {
        switch error {
        case let error as UsageError: error.message
        case let error as CommandFailure: error.message
        case let error as BridgeConfigurationError:
            error.problems.count == 1
                ? error.description
                : "the configuration cannot be used:\n"
                    + error.problems.map { "  \($0)" }.joined(separator: "\n")
        case let error as BridgeError: error.message
        case let error as KafkaError: error.message
        case let error as HTTPTransportError: error.message
        default: "\(error)"
        }
    }
}
