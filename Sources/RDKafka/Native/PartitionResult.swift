internal import CLibRDKafka

/// A member of a partition list: what was asked, and how it went for this partition.
struct PartitionResult {
    var topicPartition: TopicPartition
    var offset: Int64
    var error: rd_kafka_resp_err_t

    var position: TopicPartitionOffset { TopicPartitionOffset(topicPartition: topicPartition, offset: offset) }
}
