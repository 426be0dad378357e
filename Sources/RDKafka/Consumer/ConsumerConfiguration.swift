/// How a `Consumer` reads.
public struct ConsumerConfiguration: Sendable {
    /// Where a partition begins for which the group has no committed offset.
    public enum StartFrom: String, Sendable, CaseIterable {
        /// With the first record that the partition still holds.
        case earliest
        /// With what comes from now on; the position is committed at once, so that nothing is skipped by a restart.
        case latest
        /// Not at all: the sequence of batches ends with an error.
        case error
    }

    /// `host:port`, several with commas.
    public var bootstrapServers: String
    /// The consumer group.
    public var groupID: String
    /// The topics to read.
    public var topics: [String]
    /// Settings of librdkafka, over this client's defaults; those that it must own are refused by name.
    public var properties: [KafkaProperty] = []
    /// Where a partition begins that has no committed offset. Default: `earliest`.
    public var startFrom: StartFrom = .earliest
    /// Records a batch has at most. Default: 1,000.
    public var maximumBatchRecords = 1_000
    /// Bytes after which a batch takes no further record. Default: 1 MiB.
    public var maximumBatchBytes = 1_024 * 1_024
    /// What the delegate has at most to finish what is in flight when partitions are revoked. Default: 5 s.
    public var revokeDrainTimeout: Duration = .seconds(5)
    /// How long a topic may be missing, or its offsets unanswered, before the sequence throws. Default: 10 s.
    public var graceWindow: Duration = .seconds(10)
    /// How long, on top of that, a transaction that somebody has left open may hold back the committed offsets: with
    /// transactional producers their timeout and 10 s, as brokers look for old transactions every 10 s. Default: none.
    public var openTransactionWindow: Duration = .zero
    /// How long the brokers may refuse the credentials before the sequence throws. Default: 30 s.
    public var authenticationWindow: Duration = .seconds(30)
    /// Time between statistics, at least 1 s; nil: none.
    public var statisticsInterval: Duration?
    /// How the client names itself to the brokers. Default: `integration-bridge`.
    public var clientID = "integration-bridge"
    /// Takes librdkafka's log lines, on the poll thread: it must not block.
    public var onLog: (@Sendable (KafkaLogLine) -> Void)?
    /// Takes statistics, on the poll thread: it must not block.
    public var onStatistics: (@Sendable (KafkaStatistics) -> Void)?
    /// Takes errors that the client lives through (a broker that is down, say), on the poll thread: it must not block.
    public var onError: (@Sendable (KafkaError) -> Void)?

    /// Names what to read.
    public init(bootstrapServers: String, groupID: String, topics: [String]) {
        self.bootstrapServers = bootstrapServers
        self.groupID = groupID
        self.topics = topics
    }
}
