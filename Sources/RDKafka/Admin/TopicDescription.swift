/// What the cluster says of a topic.
public struct TopicDescription: Sendable {
    /// One partition.
    public struct Partition: Sendable {
        /// Its number.
        public let partition: Int32
        /// The broker that leads it; nil where there is none at the moment.
        public let leader: Int32?
        /// The brokers that hold it.
        public let replicas: [Int32]
        /// The brokers that hold it and are up to date.
        public let inSyncReplicas: [Int32]
    }

    /// The topic.
    public let name: String
    /// Its partitions by number; none where it does not exist.
    public let partitions: [Partition]
    /// Why it cannot be described: it does not exist, or this principal may not see it.
    public let error: KafkaError?
}
