internal import CLibRDKafka
internal import Synchronization

extension PollLoop {
    /// Begins the rewind that somebody has asked for: the assignment ends, the same partitions wait for a new one.
    func beginRewind() {
        let asked = state.assignment.withLock { state in
            defer { state.rewinds = [] }
            return state.rewinds
        }
        guard !asked.isEmpty else { return }
        rewinds += asked
        if let failure { return endRewinds(failure) }
        guard !assigned.isEmpty else {
            // The committed offsets are still to be read where partitions are being assigned, and else with the next ones.
            if pending == nil { endRewinds(nil) }
            return
        }
        builder.drop()
        state.mailbox.drop()
        state.assignment.withLock { $0.endAssignment() }
        let ended = assigned
        assigned = []
        builder.start([])
        isPausedForDemand = false
        // Nothing is fetched to be thrown away while the offsets are looked up.
        let partitions = ended.map(\.topicPartition)
        setPaused(paused.change(to: Set(partitions)).pause, true)
        delegate.consumer(rewound: ended)
        pending = PendingAssignment(
            partitions: partitions, isRewind: true, deadline: assignmentDeadline, nextAttempt: .now)
    }

    /// Moves the partitions to where they begin. By seeking: to assign them again would forget that they are lost, where
    /// the group has just taken them away.
    func seek(_ offsets: [TopicPartition: Int64], _ partitions: [TopicPartition]) -> KafkaError? {
        let action = "Going back to the committed offsets of the group '\(configuration.groupID)'"
        let list = NativePartitionList(
            partitions.map { TopicPartitionOffset(topicPartition: $0, offset: offsets[$0] ?? 0) })
        // A timeout would be a thousand times too short (before 2.1.0); the client's own threads answer at once.
        if let error = rd_kafka_seek_partitions(client.handle, list.pointer, -1) {
            return KafkaError(consuming: error, during: action)
        }
        guard let refused = list.contents.first(where: { $0.error != RD_KAFKA_RESP_ERR_NO_ERROR }) else { return nil }
        // Its fetcher is being started or stopped at the moment.
        return KafkaError(
            KafkaError.Code(refused.error), "\(action): \(refused.topicPartition) cannot be moved yet.",
            isRetriable: true, topic: refused.topicPartition.topic, partition: refused.topicPartition.partition)
    }

    /// Ends the waits for a rewind.
    func endRewinds(_ error: KafkaError?) {
        guard !rewinds.isEmpty else { return }
        for rewind in rewinds { rewind.end(error) }
        rewinds = []
    }
}
