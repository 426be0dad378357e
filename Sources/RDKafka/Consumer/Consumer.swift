internal import CLibRDKafka
internal import Synchronization

/// A member of a consumer group that hands over records in batches and commits what it is told to, when it is told to.
///
/// One thread of its own waits for the library's events. Back-pressure is demand: where `batches` is not read, one batch
/// waits, then the partitions are paused; the member stays in its group however long that takes. Close it with
/// `close(timeout:)`; where it is just released it leaves the group by itself, in the background.
public final class Consumer: Sendable {
    /// Batches as they come, for one reader.
    public let batches: Batches

    let state: ConsumerState
    let groupID: String
    private let revokeDrainTimeout: Duration
    private let destroyed: Signal
    /// Commits have a line of their own: a look-up that waits for a broker must not hold one back.
    private let commits = BlockingCalls(label: "kafka-commits")
    private let lookups = BlockingCalls(label: "kafka-lookups")

    /// Joins the group and starts to read.
    ///
    /// - Parameters:
    ///   - configuration: What to read, and how.
    ///   - delegate: Hears of partitions; kept until the consumer has left its group.
    /// - Throws: `KafkaError` for a property that is refused or not valid. Brokers are not waited for.
    public init(_ configuration: ConsumerConfiguration, delegate: any ConsumerDelegate) throws(KafkaError) {
        let client = try NativeClient(.consumer, try configuration.makeNative())
        let queue = try NativeQueue(consumerOf: client)
        queue.takeLogLines()
        let topics = NativePartitionList(topics: configuration.topics)
        let error = rd_kafka_subscribe(client.handle, topics.pointer)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error, during: "Subscribing to \(configuration.topics.joined(separator: ", "))")
        }
        let state = ConsumerState()
        state.assignment.withLock { $0.queue = queue }
        self.state = state
        batches = Batches(state: state)
        groupID = configuration.groupID
        revokeDrainTimeout = configuration.revokeDrainTimeout
        destroyed = client.destroyed
        try KafkaThread.start(name: "kafka-consumer") {
            // Made here: everything of the loop is touched by this thread alone.
            let loop = PollLoop(configuration, delegate: delegate, state: state, queue: queue)
            loop.run()
        }
    }

    deinit {
        state.requestClose(by: .now.advanced(by: revokeDrainTimeout + .seconds(5)))
    }

    /// What is assigned at the moment.
    public var assignment: [AssignedPartition] {
        state.assignment.withLock { $0.partitions.values.sorted { $0.topicPartition < $1.topicPartition } }
    }

    /// Ends the poll thread's wait, so that it looks for what has changed.
    public func wake() {
        state.wake()
    }

    /// Leaves the group: the delegate's revoke is called first, and what it returns is committed.
    ///
    /// The sequence of batches ends. May be called again, and from several tasks.
    ///
    /// - Parameter timeout: After this it returns, whatever the client does; that goes on in the background.
    public func close(timeout: Duration) async {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        state.requestClose(by: deadline)
        guard await state.ended.wait(until: deadline) else { return }
        _ = await destroyed.wait(until: deadline)
    }
}

extension Consumer {
    /// Commits positions and waits for the broker's answer.
    ///
    /// - Parameters:
    ///   - offsets: The next offset to read of each partition. Nothing is done for none.
    ///   - timeout: The time for the answer. After it the commit may still come into effect.
    /// - Throws: `KafkaError`: `notAssigned` where a partition is not assigned (any more), and then nothing is committed;
    ///   else what the group's coordinator says.
    public func commit(_ offsets: [TopicPartitionOffset], timeout: Duration) async throws(KafkaError) {
        try await commit(offsets, timeout: timeout) { partitions in
            offsets.first { partitions[$0.topicPartition] == nil }
        }
    }

    /// The same for positions of certain assignments: nothing of one that is over is committed, also where the partition
    /// has come back since.
    ///
    /// - Throws: `KafkaError`: `notAssigned` where an assignment is over, and then nothing is committed; else what the
    ///   group's coordinator says.
    public func commit(
        _ offsets: [(assigned: AssignedPartition, offset: Int64)], timeout: Duration
    ) async throws(KafkaError) {
        let positions = offsets.map {
            TopicPartitionOffset(topicPartition: $0.assigned.topicPartition, offset: $0.offset)
        }
        try await commit(positions, timeout: timeout) { partitions in
            zip(offsets, positions).first { partitions[$1.topicPartition]?.id != $0.assigned.id }?.1
        }
    }

    private func commit(
        _ offsets: [TopicPartitionOffset], timeout: Duration,
        stranger: @escaping @Sendable ([TopicPartition: AssignedPartition]) -> TopicPartitionOffset?
    ) async throws(KafkaError) {
        guard !offsets.isEmpty else { return }
        let queue = try state.queue()
        let action = "Committing offsets of the group '\(groupID)'"
        try await commits.run(action, timeout: timeout) { [state] deadline -> Result<Void, KafkaError> in
            let commit = PendingCommit(queue.client, action: action)
            // Sent under the lock: a commit is either before the last one of a revoke, or refused.
            let refusal: KafkaError? = state.assignment.withLock { assignment in
                let stranger = stranger(assignment.partitions)
                guard assignment.acceptsCommits, stranger == nil else {
                    return KafkaError(
                        .notAssigned,
                        "\(action): \(stranger ?? offsets[0]) is not assigned to this member (any more).",
                        topic: stranger?.topicPartition.topic, partition: stranger?.topicPartition.partition)
                }
                return commit.send(offsets)
            }
            if let refusal { return .failure(refusal) }
            return commit.wait(until: deadline)
        }
    }

    /// The group's committed offsets.
    ///
    /// - Returns: An entry for each partition that has one.
    /// - Throws: `KafkaError` where the coordinator does not answer in time or refuses.
    public func committed(
        _ partitions: [TopicPartition], timeout: Duration
    ) async throws(KafkaError) -> [TopicPartition: Int64] {
        let client = try state.queue().client
        return try await lookups.run("Reading the committed offsets of the group '\(groupID)'", timeout: timeout) {
            Lookups(client).committed(partitions, until: $0)
        }
    }

    /// The first offset of a partition, and the one after the last that can be read.
    ///
    /// - Throws: `KafkaError` where the broker does not answer in time or refuses.
    public func watermarks(
        of partition: TopicPartition, timeout: Duration
    ) async throws(KafkaError) -> (low: Int64, high: Int64) {
        let client = try state.queue().client
        let range = try await lookups.run("Reading the watermarks of \(partition)", timeout: timeout) { deadline in
            Lookups(client).watermarks([partition], until: deadline)
        }
        guard let found = range[partition] else {
            throw KafkaError(
                .unknownPartition, "There is no partition \(partition).", topic: partition.topic,
                partition: partition.partition)
        }
        return (found.low, found.high)
    }

    /// The first offsets whose records are not older than a time.
    ///
    /// - Parameters:
    ///   - times: Milliseconds since 1970 in UTC for each partition.
    ///   - timeout: The time for the brokers' answers.
    /// - Returns: nil for a partition whose records are all older.
    /// - Throws: `KafkaError` where a broker does not answer in time or refuses.
    public func offsets(
        for times: [TopicPartition: Int64], timeout: Duration
    ) async throws(KafkaError) -> [TopicPartition: Int64?] {
        let client = try state.queue().client
        return try await lookups.run("Looking up offsets by time", timeout: timeout) {
            Lookups(client).offsets(for: times, until: $0)
        }
    }

    /// The next offset to be handed over, of each assigned partition of which a record was read. It runs ahead of what is
    /// done: never commit it.
    ///
    /// Offsets without a record (the marks that end transactions, aborted records, what compaction removed) show as gaps
    /// between records. The position goes over marks that come after the last record; a committed offset, one more than that
    /// of the last record that is done, stays before them, and so below the end of the partition.
    public func positions() throws(KafkaError) -> [TopicPartition: Int64] {
        let client = try state.queue().client
        let list = NativePartitionList(state.assignment.withLock { Array($0.partitions.keys) })
        let error = rd_kafka_position(client.handle, list.pointer)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            throw KafkaError(error, during: "Reading positions of the group '\(groupID)'")
        }
        return list.contents.reduce(into: [:]) { positions, entry in
            if entry.offset >= 0 { positions[entry.topicPartition] = entry.offset }
        }
    }

    /// Stops reading partitions, in a moment: what was read before still comes. It holds until `resume`, over assignments.
    public func pause(_ partitions: Set<TopicPartition>) {
        change { $0.formUnion(partitions) }
    }

    /// Reads partitions again that were paused by `pause`.
    public func resume(_ partitions: Set<TopicPartition>) {
        change { $0.subtract(partitions) }
    }

    private func change(_ body: (inout Set<TopicPartition>) -> Void) {
        state.assignment.withLock { state in
            body(&state.callerPaused)
            state.pauseRevision += 1
        }
        state.wake()
    }
}
