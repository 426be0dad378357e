internal import CLibRDKafka
internal import Synchronization

extension PollLoop {
    /// What the library cannot go on with ends the sequence; what it lives through is told.
    func handleError(_ error: KafkaError, at position: TopicPartitionOffset?) {
        if error.isFatal || error.code == .fatal { return fail(client.fatalError ?? error) }
        switch error.code {
        case .offsetOutOfRange: fail(explain(error, position))
        case .groupAuthorizationFailed:
            fail(
                KafkaError(
                    error.code,
                    """
                    This principal may not use the group '\(configuration.groupID)': grant it Read on the group. \
                    \(error.message)
                    """))
        case .inconsistentGroupProtocol, .invalidSessionTimeout:
            fail(
                KafkaError(
                    error.code, "The group '\(configuration.groupID)' does not let this member in: \(error.message)"))
        case .topicAuthorizationFailed:
            if error.topic != nil {
                fail(unreadable(error))
            } else {
                checkTopicsNow(error)
            }
        case .unknownTopicOrPartition, .unknownTopic, .unknownPartition:
            configuration.onError?(error)
            scheduleTopicCheck()
        case .authentication:
            configuration.onError?(error)
            if authentication.failed(at: .now) {
                fail(
                    KafkaError(
                        .authentication,
                        "The brokers have refused the credentials for \(configuration.authenticationWindow): "
                            + "check sasl.mechanism, sasl.username and sasl.password. \(error.message)"))
            }
        default: configuration.onError?(error)
        }
    }

    private func unreadable(_ error: KafkaError) -> KafkaError {
        KafkaError(
            .topicAuthorizationFailed,
            "This principal may not read the topic '\(error.topic ?? "")': grant it Read. \(error.message)",
            topic: error.topic, partition: error.partition)
    }

    private func explain(_ error: KafkaError, _ position: TopicPartitionOffset?) -> KafkaError {
        guard let position else { return error }
        let partition = position.topicPartition
        guard
            case .success(let ranges) = Lookups(client).watermarks([partition], until: .now.advanced(by: .seconds(3))),
            let range = ranges[partition]
        else {
            return KafkaError(
                error.code,
                """
                The group '\(configuration.groupID)' cannot go on at offset \(position.offset) of \(partition): \
                \(error.message)
                """, topic: partition.topic, partition: partition.partition)
        }
        return outOfRange(partition, offset: position.offset, low: range.low, high: range.high)
    }

    private func scheduleTopicCheck() {
        guard topicCheck == nil else { return }
        topicCheck = TopicCheck(at: .now.advanced(by: configuration.graceWindow))
    }

    /// A refusal that names no topic: ask for each.
    private func checkTopicsNow(_ error: KafkaError) {
        for topic in configuration.topics {
            if let problem = Lookups(client).problem(withTopic: topic, until: .now.advanced(by: .seconds(2))),
                !problem.isRetriable
            {
                return fail(problem)
            }
        }
        fail(error)
    }

    /// Asks for topics that may be missing, once their grace window has passed: temporary metadata errors look permanent
    /// (librdkafka before 2.10).
    func checkTopics() {
        guard let check = topicCheck, ContinuousClock.now >= check.at, !hasFailed else { return }
        topicCheck = nil
        for topic in configuration.topics {
            guard let problem = Lookups(client).problem(withTopic: topic, until: .now.advanced(by: .seconds(2))) else {
                continue
            }
            if problem.isRetriable {
                // No broker to ask: that is not the topic's fault.
                topicCheck = TopicCheck(at: .now.advanced(by: .seconds(2)))
                return
            }
            return fail(problem)
        }
    }
}
