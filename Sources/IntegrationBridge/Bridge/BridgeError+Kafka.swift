internal import RDKafka

extension BridgeError {
    /// What an error of the Kafka client means for the bridge.
    init(_ error: KafkaError) {
        let code: Code =
            switch error.code {
            case .topicAuthorizationFailed, .groupAuthorizationFailed, .clusterAuthorizationFailed,
                .transactionalIDAuthorizationFailed, .authentication:
                .notAuthorized
            case .unknownTopicOrPartition, .unknownTopic, .unknownPartition, .allBrokersDown, .transport, .timedOut,
                .resolve, .tls, .messageTimedOut:
                .unavailable
            case .offsetOutOfRange, .noOffset: .offsetOutOfRange
            case .invalidArgument: .configuration
            default: .kafka
            }
        self.init(code: code, message: error.message, cause: error)
    }
}
