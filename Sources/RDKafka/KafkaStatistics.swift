/// What the client library counts, as of one moment. Totals are since the client was made.
public struct KafkaStatistics: Sendable {
    /// One broker.
    public struct Broker: Sendable {
        /// `host:port/id`.
        public let name: String
        /// Its number; -1 for a bootstrap server.
        public let nodeID: Int32
        /// `UP`, `DOWN`, `INIT` and so on.
        public let state: String
        /// Average time to an answer, in microseconds.
        public let roundTripAverage: Int64
        /// 99th percentile of the time to an answer, in microseconds.
        public let roundTrip99: Int64
        /// Requests that wait to be sent.
        public let queuedRequests: Int64
        /// Requests whose answer is awaited.
        public let awaitedResponses: Int64
        /// Connection attempts.
        public let connects: Int64
        /// Connections that were lost.
        public let disconnects: Int64
    }

    /// One partition. Offsets are -1001 where they are not known.
    public struct Partition: Sendable {
        /// The topic and number.
        public let topicPartition: TopicPartition
        /// High watermark (or last stable offset) less the committed or read position; -1 where not known.
        public let consumerLag: Int64
        /// The first offset that the partition holds.
        public let lowOffset: Int64
        /// The one after its last.
        public let highOffset: Int64
        /// The group's committed offset, as this client knows it.
        public let committedOffset: Int64
        /// The next offset to be handed over.
        public let applicationOffset: Int64
        /// Records fetched that wait in the client.
        public let fetchQueueCount: Int64
        /// Their bytes.
        public let fetchQueueBytes: Int64
        /// Records that wait to be sent or acknowledged.
        public let messageCount: Int64
    }

    /// The membership in a consumer group.
    public struct Group: Sendable {
        /// The state of the connection to the coordinator.
        public let state: String
        /// The state of joining.
        public let joinState: String
        /// Rebalances so far.
        public let rebalanceCount: Int64
        /// Milliseconds since the last one.
        public let rebalanceAge: Int64
        /// Partitions assigned.
        public let assignmentSize: Int64
    }

    /// The client's name.
    public let clientName: String
    /// `consumer` or `producer`.
    public let kind: String
    /// Requests sent.
    public let requestsSent: Int64
    /// Bytes sent.
    public let bytesSent: Int64
    /// Answers received.
    public let responsesReceived: Int64
    /// Bytes received.
    public let bytesReceived: Int64
    /// Records sent.
    public let messagesSent: Int64
    /// Their bytes.
    public let messageBytesSent: Int64
    /// Records received.
    public let messagesReceived: Int64
    /// Their bytes.
    public let messageBytesReceived: Int64
    /// Records that wait in the producer's queue.
    public let queuedMessages: Int64
    /// Their bytes.
    public let queuedMessageBytes: Int64
    /// Brokers by name.
    public let brokers: [Broker]
    /// Partitions in their order.
    public let partitions: [Partition]
    /// The group; nil for a producer.
    public let group: Group?
}
