/// Reads what a consumer group has committed without joining it: no member is disturbed.
public final class GroupReader: Sendable {
    private let groupID: String
    private let client: NativeClient
    private let errors: ErrorLoop
    private let calls = BlockingCalls(label: "kafka-group-reader")

    /// Makes a client. Brokers are not waited for.
    ///
    /// - Parameter configuration: The group, and how to reach it; nothing is subscribed to.
    /// - Throws: `KafkaError` for a property that is refused or not valid.
    public init(_ configuration: ConsumerConfiguration) throws(KafkaError) {
        groupID = configuration.groupID
        let client = try NativeClient(.consumer, try configuration.makeNative())
        self.client = client
        errors = try ErrorLoop(client)
    }

    deinit {
        errors.stop()
    }

    /// The group's committed offsets.
    ///
    /// - Returns: An entry for each partition that has one.
    /// - Throws: `KafkaError` where the group's coordinator does not answer in time or refuses.
    public func committed(
        _ partitions: [TopicPartition], timeout: Duration
    ) async throws(KafkaError) -> [TopicPartition: Int64] {
        try await calls.run("Reading the committed offsets of the group '\(groupID)'", timeout: timeout) {
            [client] deadline in
            Lookups(client).committed(partitions, until: deadline)
        }
    }

    /// What partitions hold: the first offset, and the one after the last that can be read.
    ///
    /// - Throws: `KafkaError` where a broker does not answer in time or refuses.
    public func watermarks(
        of partitions: [TopicPartition], timeout: Duration
    ) async throws(KafkaError) -> [TopicPartition: (low: Int64, high: Int64)] {
        try await calls.run("Reading watermarks", timeout: timeout) { [client] deadline in
            Lookups(client).watermarks(partitions, until: deadline)
        }
    }
}
