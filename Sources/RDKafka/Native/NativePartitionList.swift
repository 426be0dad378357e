internal import CLibRDKafka

/// Owner of a `rd_kafka_topic_partition_list_t`.
struct NativePartitionList: ~Copyable {
    let pointer: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>

    init(_ partitions: some Collection<TopicPartition>, offset: Int64 = Int64(RD_KAFKA_OFFSET_INVALID)) {
        pointer = rd_kafka_topic_partition_list_new(Int32(partitions.count))
        for partition in partitions { add(partition, offset) }
    }

    init(_ positions: some Collection<TopicPartitionOffset>) {
        pointer = rd_kafka_topic_partition_list_new(Int32(positions.count))
        for position in positions { add(position.topicPartition, position.offset) }
    }

    init(topics: [String]) {
        pointer = rd_kafka_topic_partition_list_new(Int32(topics.count))
        for topic in topics { rd_kafka_topic_partition_list_add(pointer, topic, RD_KAFKA_PARTITION_UA) }
    }

    deinit {
        rd_kafka_topic_partition_list_destroy(pointer)
    }

    private func add(_ partition: TopicPartition, _ offset: Int64) {
        rd_kafka_topic_partition_list_add(pointer, partition.topic, partition.partition).pointee.offset = offset
    }

    var contents: [PartitionResult] { Self.contents(of: pointer) }

    /// Copies a list that belongs to somebody else.
    static func contents(of list: UnsafeMutablePointer<rd_kafka_topic_partition_list_t>) -> [PartitionResult] {
        (0..<Int(list.pointee.cnt)).map { index in
            let element = list.pointee.elems[index]
            return PartitionResult(
                topicPartition: TopicPartition(topic: String(cString: element.topic), partition: element.partition),
                offset: element.offset, error: element.err)
        }
    }
}
