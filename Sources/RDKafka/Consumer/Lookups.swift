internal import CLibRDKafka

/// Questions to brokers, each with a deadline. They block: for threads of ours.
struct Lookups {
    private let client: NativeClient

    init(_ client: NativeClient) {
        self.client = client
    }

    /// The group's offsets of those partitions that have one.
    func committed(
        _ partitions: [TopicPartition], until deadline: ContinuousClock.Instant
    ) -> Result<[TopicPartition: Int64], KafkaError> {
        guard !partitions.isEmpty else { return .success([:]) }
        let list = NativePartitionList(partitions)
        let error = rd_kafka_committed(client.handle, list.pointer, deadline.remainingMilliseconds)
        guard error != RD_KAFKA_RESP_ERR__TIMED_OUT else {
            return .failure(
                KafkaError(
                    .timedOut,
                    """
                    Reading committed offsets was not answered in time: the group's coordinator does not answer, or a \
                    transaction that is still open holds them. 'kafka-transactions.sh find-hanging' names one that no \
                    broker will end.
                    """))
        }
        return collect(list.contents, error, during: "Reading committed offsets").map { offsets in
            offsets.compactMapValues { $0 < 0 ? nil : $0 }
        }
    }

    /// What partitions hold: the first offset, and the one after the last that read_committed may see.
    func watermarks(
        _ partitions: [TopicPartition], until deadline: ContinuousClock.Instant
    ) -> Result<[TopicPartition: (low: Int64, high: Int64)], KafkaError> {
        // One request to each leader instead of one for each partition: Kafka takes -2 and -1 as times.
        Result { () throws(KafkaError) in
            let lows = try offsets(at: Int64(RD_KAFKA_OFFSET_BEGINNING), of: partitions, until: deadline).get()
            let highs = try offsets(at: Int64(RD_KAFKA_OFFSET_END), of: partitions, until: deadline).get()
            return lows.reduce(into: [:]) { ranges, entry in
                if let high = highs[entry.key] { ranges[entry.key] = (entry.value, high) }
            }
        }
    }

    /// The first offsets that are not older than times in milliseconds; nil where all are.
    func offsets(
        for times: [TopicPartition: Int64], until deadline: ContinuousClock.Instant
    ) -> Result<[TopicPartition: Int64?], KafkaError> {
        guard !times.isEmpty else { return .success([:]) }
        if let bad = times.first(where: { $0.value < 0 }) {
            return .failure(
                KafkaError(.invalidArgument, "A time before 1970 was asked for \(bad.key).", topic: bad.key.topic))
        }
        let list = NativePartitionList(
            times.map { TopicPartitionOffset(topicPartition: $0.key, offset: $0.value) })
        let error = rd_kafka_offsets_for_times(client.handle, list.pointer, deadline.remainingMilliseconds)
        return collect(list.contents, error, during: "Looking up offsets by time").map { offsets in
            offsets.mapValues { $0 < 0 ? nil : $0 }
        }
    }

    private func offsets(
        at time: Int64, of partitions: [TopicPartition], until deadline: ContinuousClock.Instant
    ) -> Result<[TopicPartition: Int64], KafkaError> {
        guard !partitions.isEmpty else { return .success([:]) }
        let list = NativePartitionList(partitions, offset: time)
        let error = rd_kafka_offsets_for_times(client.handle, list.pointer, deadline.remainingMilliseconds)
        return collect(list.contents, error, during: "Reading watermarks")
    }

    private func collect(
        _ entries: [PartitionResult], _ error: rd_kafka_resp_err_t, during action: String
    ) -> Result<[TopicPartition: Int64], KafkaError> {
        if error != RD_KAFKA_RESP_ERR_NO_ERROR { return .failure(KafkaError(error, during: action)) }
        if let refused = entries.first(where: { $0.error != RD_KAFKA_RESP_ERR_NO_ERROR }) {
            return .failure(
                KafkaError(
                    refused.error, during: "\(action) of \(refused.topicPartition)",
                    topic: refused.topicPartition.topic, partition: refused.topicPartition.partition))
        }
        return .success(Dictionary(entries.map { ($0.topicPartition, $0.offset) }, uniquingKeysWith: { $1 }))
    }

    /// What the cluster says of a topic: nil where it exists, has partitions, and may be described.
    func problem(withTopic name: String, until deadline: ContinuousClock.Instant) -> KafkaError? {
        switch TopicMetadata.read(name, client, until: deadline) {
        case .success(let description):
            if let error = description.error { return error }
            return description.partitions.isEmpty
                ? KafkaError(
                    .unknownTopicOrPartition, "The topic '\(name)' has no partitions.", topic: name) : nil
        case .failure(let error): return error
        }
    }
}
