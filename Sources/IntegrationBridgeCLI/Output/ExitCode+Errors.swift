internal import CURLTransport
internal import IntegrationBridge
internal import RDKafka

extension ExitCode {
    /// What an error means for the exit code.
    init(_ error: any Error) {
        self =
            switch error {
            case is UsageError: .usage
            case let failure as CommandFailure: failure.exitCode
            case is BridgeConfigurationError: .configuration
            case let error as BridgeError: Self.of(error)
            case let error as KafkaError: Self.of(error)
            case let error as HTTPTransportError: error.code == .invalidRequest ? .configuration : .unavailable
            default: .failure
            }
    }

    private static func of(_ error: BridgeError) -> ExitCode {
        switch error.code {
        case .configuration: .configuration
        case .unavailable: .unavailable
        case .notAuthorized: .notAuthorized
        default: .failure
        }
    }

    private static func of(_ error: KafkaError) -> ExitCode {
        switch error.code {
        case .topicAuthorizationFailed, .groupAuthorizationFailed, .clusterAuthorizationFailed,
            .transactionalIDAuthorizationFailed, .authentication:
            .notAuthorized
        case .unknownTopicOrPartition, .unknownTopic, .unknownPartition, .allBrokersDown, .transport, .timedOut,
            .resolve, .tls, .messageTimedOut:
            .unavailable
        case .invalidArgument: .configuration
        default: error.isRetriable ? .unavailable : .failure
        }
    }
}
