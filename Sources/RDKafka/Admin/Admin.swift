internal import CLibRDKafka
internal import Synchronization

/// Creates, describes and deletes topics. The mock cluster has no admin calls but describing.
public final class Admin: Sendable {
    private let client: NativeClient
    private let errors: ErrorLoop
    private let calls = BlockingCalls(label: "kafka-admin")

    /// Makes a client. Brokers are not waited for.
    ///
    /// - Parameters:
    ///   - bootstrapServers: `host:port`, several with commas.
    ///   - properties: Settings of librdkafka, such as those of security.
    /// - Throws: `KafkaError` for a property that is not valid.
    public init(bootstrapServers: String, properties: [KafkaProperty] = []) throws(KafkaError) {
        var configuration = ProducerConfiguration(bootstrapServers: bootstrapServers)
        configuration.properties = properties
        let client = try NativeClient(.producer, try configuration.makeNative())
        self.client = client
        errors = try ErrorLoop(client)
    }

    deinit {
        errors.stop()
    }

    /// Refused credentials or a TLS failure that the client met last: what a call that timed out suffers from.
    public var connectionError: KafkaError? { errors.last }

    /// Creates topics.
    ///
    /// - Throws: `KafkaError` of the first that could not be created: `topicAlreadyExists`, say. Others may be.
    public func createTopics(_ topics: [NewTopic], timeout: Duration) async throws(KafkaError) {
        guard !topics.isEmpty else { return }
        try await calls.run("Creating topics", timeout: timeout) { [client] deadline in
            AdminCalls(client).createTopics(topics, until: deadline)
        }
    }

    /// Deletes topics.
    ///
    /// - Throws: `KafkaError` of the first that could not be deleted. Others may be.
    public func deleteTopics(_ names: [String], timeout: Duration) async throws(KafkaError) {
        guard !names.isEmpty else { return }
        try await calls.run("Deleting topics", timeout: timeout) { [client] deadline in
            AdminCalls(client).deleteTopics(names, until: deadline)
        }
    }

    /// Describes topics, in the order asked for. One that does not exist, or may not be seen, says so in its `error`.
    ///
    /// - Throws: `KafkaError` where no broker answers in time.
    public func describe(_ names: [String], timeout: Duration) async throws(KafkaError) -> [TopicDescription] {
        try await calls.run("Describing topics", timeout: timeout) { [client] deadline in
            Result { () throws(KafkaError) in
                var descriptions: [TopicDescription] = []
                for name in names {
                    descriptions.append(try TopicMetadata.read(name, client, until: deadline).get())
                }
                return descriptions
            }
        }
    }

    /// The brokers of the cluster.
    ///
    /// - Throws: `KafkaError` where no broker answers in time.
    public func brokers(timeout: Duration) async throws(KafkaError) -> [Broker] {
        try await calls.run("Reading the brokers", timeout: timeout) { [client] deadline in
            AdminCalls(client).brokers(until: deadline)
        }
    }
}
