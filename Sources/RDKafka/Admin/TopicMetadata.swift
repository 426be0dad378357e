internal import CLibRDKafka

/// Reads what the cluster says of one topic. It blocks: for threads of ours.
enum TopicMetadata {
    static func read(
        _ name: String, _ client: NativeClient, until deadline: ContinuousClock.Instant
    ) -> Result<TopicDescription, KafkaError> {
        let action = "Describing the topic '\(name)'"
        guard let topic = rd_kafka_topic_new(client.handle, name, nil) else {
            return .failure(KafkaError(rd_kafka_last_error(), during: action, topic: name))
        }
        defer { rd_kafka_topic_destroy(topic) }
        return read(topic, name, client, until: deadline)
    }

    static func read(
        _ topic: OpaquePointer, _ name: String, _ client: NativeClient, until deadline: ContinuousClock.Instant
    ) -> Result<TopicDescription, KafkaError> {
        let action = "Describing the topic '\(name)'"
        var metadata: UnsafePointer<rd_kafka_metadata>?
        let error = rd_kafka_metadata(client.handle, 0, topic, &metadata, deadline.remainingMilliseconds)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else {
            return .failure(KafkaError(error, during: action, topic: name))
        }
        defer { rd_kafka_metadata_destroy(metadata) }
        guard metadata.pointee.topic_cnt > 0 else {
            return .failure(KafkaError(.unknownTopicOrPartition, "\(action): no answer for it.", topic: name))
        }
        let found = metadata.pointee.topics[0]
        let partitions = (0..<Int(found.partition_cnt)).map { index in
            let partition = found.partitions[index]
            return TopicDescription.Partition(
                partition: partition.id, leader: partition.leader < 0 ? nil : partition.leader,
                replicas: Array(UnsafeBufferPointer(start: partition.replicas, count: Int(partition.replica_cnt))),
                inSyncReplicas: Array(UnsafeBufferPointer(start: partition.isrs, count: Int(partition.isr_cnt))))
        }
        return .success(
            TopicDescription(
                name: name, partitions: partitions.sorted { $0.partition < $1.partition },
                error: found.err == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : problem(found.err, name)))
    }

    private static func problem(_ code: rd_kafka_resp_err_t, _ name: String) -> KafkaError {
        switch code {
        case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
            KafkaError(
                .unknownTopicOrPartition, "There is no topic '\(name)': create it, or correct its name.", topic: name)
        case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
            KafkaError(
                .topicAuthorizationFailed,
                "This principal may not describe the topic '\(name)': grant it Describe, and Read or Write.",
                topic: name)
        default: KafkaError(code, during: "Describing the topic '\(name)'", topic: name)
        }
    }
}
