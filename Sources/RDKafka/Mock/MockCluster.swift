internal import CLibRDKafka

/// A Kafka cluster inside this process, for tests and demonstrations.
///
/// The library's own mock: groups, commits, idempotent producers and the calls of transactional ones work; what
/// transactions are for (aborted records stay, their offsets are forgotten, nobody is fenced), admin calls, look-ups by
/// time, retention and security do not. A first join takes the session timeout less a second: set it short.
///
/// `@unchecked Sendable`: the library's mock calls may be made from any thread; the pointers never change.
public final class MockCluster: @unchecked Sendable {
    /// What a request asks for, to order errors for it.
    public struct Request: Hashable, Sendable {
        let key: Int16

        /// Records are written.
        public static let produce = Request(key: 0)
        /// Records are read.
        public static let fetch = Request(key: 1)
        /// Watermarks are asked for.
        public static let listOffsets = Request(key: 2)
        /// Topics and brokers are asked for.
        public static let metadata = Request(key: 3)
        /// Offsets are committed.
        public static let offsetCommit = Request(key: 8)
        /// Committed offsets are asked for.
        public static let offsetFetch = Request(key: 9)
        /// The group's or transaction's coordinator is asked for.
        public static let findCoordinator = Request(key: 10)
        /// A group is joined.
        public static let joinGroup = Request(key: 11)
        /// A member says that it is alive.
        public static let heartbeat = Request(key: 12)
        /// A producer asks for its id.
        public static let initProducerID = Request(key: 22)
        /// A transaction gets partitions: before the first record of each.
        public static let addPartitionsToTransaction = Request(key: 24)
        /// A transaction gets a group's offsets: before they are sent.
        public static let addOffsetsToTransaction = Request(key: 25)
        /// A transaction is committed or aborted.
        public static let endTransaction = Request(key: 26)
        /// A transaction's offsets are sent to the group.
        public static let transactionOffsetCommit = Request(key: 28)
    }

    /// `host:port` of the brokers, with commas.
    public let bootstrapServers: String

    private let client: NativeClient
    private let cluster: OpaquePointer

    /// Starts a cluster.
    ///
    /// - Parameter brokers: How many, from 1; their ids begin with 1.
    /// - Throws: `KafkaError` where it does not start.
    public init(brokers: Int = 1) throws(KafkaError) {
        let configuration = NativeConfiguration()
        try configuration.set("client.id", "mock-cluster")
        // Its log is of no use to anybody but librdkafka's authors.
        try configuration.set("log_level", "0")
        client = try NativeClient(.producer, configuration)
        guard let cluster = rd_kafka_mock_cluster_new(client.handle, Int32(max(1, brokers))) else {
            throw KafkaError(.failed, "The mock cluster does not start.")
        }
        self.cluster = cluster
        bootstrapServers = String(cString: rd_kafka_mock_cluster_bootstraps(cluster))
    }

    deinit {
        let address = UInt(bitPattern: cluster)
        // It waits for its thread; and it must be gone before its client is.
        try? KafkaThread.start(name: "kafka-mock-end") { [client] in
            rd_kafka_mock_cluster_destroy(OpaquePointer(bitPattern: address))
            withExtendedLifetime(client) {}
        }
    }

    /// Creates a topic.
    ///
    /// - Throws: `KafkaError` where it exists already.
    public func createTopic(_ name: String, partitions: Int = 1) throws(KafkaError) {
        try check(
            rd_kafka_mock_topic_create(cluster, name, Int32(partitions), 1), "Creating the topic '\(name)'")
    }

    /// Answers the next requests of a kind with errors, one each. `.transport` closes the connection instead.
    public func pushRequestErrors(_ request: Request, _ errors: [KafkaError.Code]) {
        let natives = errors.map(\.native)
        rd_kafka_mock_push_request_errors_array(cluster, request.key, natives.count, natives)
    }

    /// Forgets the errors that were ordered.
    public func clearRequestErrors(_ request: Request) {
        rd_kafka_mock_clear_request_errors(cluster, request.key)
    }

    /// Answers everything that concerns a topic with an error; nil: no more.
    public func setTopicError(_ topic: String, _ error: KafkaError.Code?) {
        rd_kafka_mock_topic_set_error(cluster, topic, error?.native ?? RD_KAFKA_RESP_ERR_NO_ERROR)
    }

    /// Makes a broker answer late.
    public func setRoundTripTime(broker: Int32, _ time: Duration) throws(KafkaError) {
        try check(
            rd_kafka_mock_broker_set_rtt(cluster, broker, time.clampedMilliseconds), "Delaying broker \(broker)")
    }

    /// Closes a broker's connections and refuses new ones.
    public func setDown(broker: Int32) throws(KafkaError) {
        try check(rd_kafka_mock_broker_set_down(cluster, broker), "Stopping broker \(broker)")
    }

    /// Lets a broker accept connections again.
    public func setUp(broker: Int32) throws(KafkaError) {
        try check(rd_kafka_mock_broker_set_up(cluster, broker), "Starting broker \(broker)")
    }

    /// Moves a partition to another leader; nil: none.
    public func setLeader(of partition: TopicPartition, broker: Int32?) throws(KafkaError) {
        try check(
            rd_kafka_mock_partition_set_leader(cluster, partition.topic, partition.partition, broker ?? -1),
            "Moving \(partition)")
    }

    /// Moves a group's coordinator.
    public func setCoordinator(ofGroup group: String, broker: Int32) throws(KafkaError) {
        try check(
            rd_kafka_mock_coordinator_set(cluster, "group", group, broker), "Moving the coordinator of '\(group)'")
    }

    private func check(_ error: rd_kafka_resp_err_t, _ action: String) throws(KafkaError) {
        if error != RD_KAFKA_RESP_ERR_NO_ERROR { throw KafkaError(error, during: action) }
    }
}
