internal import CLibRDKafka
internal import Synchronization

extension PollLoop {
    func handleRebalance(_ event: borrowing NativeEvent) {
        authentication.succeeded()
        if event.errorCode == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS {
            pending = PendingAssignment(
                partitions: event.partitions.map(\.topicPartition).sorted(), deadline: assignmentDeadline,
                nextAttempt: .now)
            resolvePendingAssignment()
        } else {
            let wasRewinding = pending?.isRewind == true
            pending = nil
            revoke()
            if wasRewinding { forgetAssignment() }
            endRewinds(nil)
        }
    }

    /// Until when it may take to learn where partitions begin.
    var assignmentDeadline: ContinuousClock.Instant {
        .now.advanced(by: configuration.graceWindow + .seconds(20) + configuration.openTransactionWindow)
    }

    private func revoke() {
        if rd_kafka_assignment_lost(client.handle) != 0 {
            loseAssignment()
        } else if !assigned.isEmpty {
            giveUpAssignment()
        }
        rd_kafka_assign(client.handle, nil)
    }

    /// The partitions are ours until we say otherwise: what is done is committed before they go.
    private func giveUpAssignment() {
        builder.drop()
        state.mailbox.drop()
        var deadline = ContinuousClock.now.advanced(by: configuration.revokeDrainTimeout)
        // While closing, something must be left of its time for the commit.
        let closeDeadline = state.assignment.withLock { $0.closeDeadline }
        if let closeDeadline { deadline = min(deadline, ContinuousClock.now.midpoint(to: closeDeadline)) }
        let offsets = delegate.consumer(revoked: assigned, deadline: deadline)
        let commit = PendingCommit(client, action: "Committing before partitions of '\(configuration.groupID)' go")
        let failure: KafkaError? = state.assignment.withLock { state in
            // From here on nobody else commits; what was sent before is in front of this in the line.
            state.acceptsCommits = false
            let ours = offsets.filter { state.partitions[$0.topicPartition] != nil }
            return ours.isEmpty ? nil : commit.send(ours)
        }
        if let failure {
            configuration.onError?(failure)
        } else if !offsets.isEmpty {
            let limit = ContinuousClock.now.advanced(by: .seconds(5))
            if case .failure(let error) = commit.wait(until: closeDeadline.map { min($0, limit) } ?? limit) {
                configuration.onError?(error)
            }
        }
        forgetAssignment()
    }

    /// Others may read the partitions already.
    func loseAssignment() {
        guard !assigned.isEmpty else { return }
        builder.drop()
        state.mailbox.drop()
        state.assignment.withLock { $0.acceptsCommits = false }
        let lost = assigned
        forgetAssignment()
        delegate.consumer(lost: lost)
    }

    private func forgetAssignment() {
        // A pause survives unassign and assign: nothing stays paused that we would not know of.
        setPaused(paused.change(to: []).resume, false)
        isPausedForDemand = false
        appliedPausesAll = false
        assigned = []
        builder.start([])
        state.assignment.withLock { $0.endAssignment() }
    }

    /// Looks up where to begin, a try at a time: between tries the queue is polled, so that the membership is kept.
    func resolvePendingAssignment() {
        guard var pending, ContinuousClock.now >= pending.nextAttempt else { return }
        guard !pending.partitions.isEmpty else { return assign([:], pending.partitions) }
        let failure: KafkaError
        switch startOffsets(of: pending.partitions, until: .now.advanced(by: .seconds(3))) {
        case .success(let offsets):
            guard pending.isRewind else { return assign(offsets, pending.partitions) }
            let membership = ConsumerGroupMetadata.current(of: client)
            guard let refusal = seek(offsets, pending.partitions) else {
                return take(pending.partitions, at: offsets, membership)
            }
            failure = refusal
        case .failure(let error): failure = error
        }
        if failure.isRetriable, ContinuousClock.now < pending.deadline {
            pending.attempts += 1
            pending.nextAttempt = .now.advanced(by: .milliseconds(min(1_000, 50 << min(pending.attempts, 5))))
            self.pending = pending
            configuration.onError?(failure)
            return
        }
        self.pending = nil
        fail(failure)
        endRewinds(failure)
        // The library waits for an answer: without partitions we stay a member that reads nothing.
        if !pending.isRewind { assign([:], []) }
    }

    private func assign(_ offsets: [TopicPartition: Int64], _ partitions: [TopicPartition]) {
        pending = nil
        // Before the library may rejoin, which it does not do until it is answered: of this generation and no other.
        let membership = ConsumerGroupMetadata.current(of: client)
        let list = NativePartitionList(
            partitions.map { TopicPartitionOffset(topicPartition: $0, offset: offsets[$0] ?? 0) })
        let error = rd_kafka_assign(client.handle, list.pointer)
        guard error == RD_KAFKA_RESP_ERR_NO_ERROR else {
            let failure =
                client.fatalError
                ?? KafkaError(error, during: "Taking over partitions of the group '\(configuration.groupID)'")
            fail(failure)
            return endRewinds(failure)
        }
        take(partitions, at: offsets, membership)
    }

    /// Begins an assignment: from here on its records are handed over.
    private func take(
        _ partitions: [TopicPartition], at offsets: [TopicPartition: Int64], _ membership: ConsumerGroupMetadata?
    ) {
        pending = nil
        epoch += 1
        assigned = partitions.map { partition in
            AssignedPartition(
                topicPartition: partition, epoch: epoch,
                id: Self.nextID.wrappingAdd(1, ordering: .relaxed).oldValue & AssignedPartition.largestID,
                startOffset: offsets[partition] ?? 0)
        }
        builder.start(assigned)
        // What the caller has paused applies to this assignment too.
        pauseRevision = -1
        let current = assigned
        state.assignment.withLock { state in
            state.partitions = Dictionary(
                current.map { ($0.topicPartition, $0) }, uniquingKeysWith: { $1 })
            state.acceptsCommits = true
            state.membership = membership
        }
        delegate.consumer(assigned: assigned)
        endRewinds(nil)
    }

    private func startOffsets(
        of partitions: [TopicPartition], until deadline: ContinuousClock.Instant
    ) -> Result<[TopicPartition: Int64], KafkaError> {
        Result { () throws(KafkaError) in
            let lookups = Lookups(client)
            let committed = try lookups.committed(partitions, until: deadline).get()
            let ranges = try lookups.watermarks(partitions, until: deadline).get()
            let rule = StartOffsets(startFrom: configuration.startFrom)
            var offsets: [TopicPartition: Int64] = [:]
            var toCommit: [TopicPartitionOffset] = []
            for partition in partitions {
                guard let range = ranges[partition] else {
                    throw KafkaError(
                        .unknownPartition, "The broker does not know \(partition).", isRetriable: true,
                        topic: partition.topic, partition: partition.partition)
                }
                switch rule.decide(committed: committed[partition], low: range.low, high: range.high) {
                case .start(let offset): offsets[partition] = offset
                case .startAndCommit(let offset):
                    offsets[partition] = offset
                    toCommit.append(TopicPartitionOffset(topicPartition: partition, offset: offset))
                case .missing: throw missingOffset(of: partition)
                case .passed(let committed, let low):
                    throw outOfRange(partition, offset: committed, low: low, high: range.high)
                }
            }
            if !toCommit.isEmpty {
                let commit = PendingCommit(client, action: "Committing where '\(configuration.groupID)' begins")
                if let failure = commit.send(toCommit) { throw failure }
                try commit.wait(until: deadline).get()
            }
            return offsets
        }
    }

    private func missingOffset(of partition: TopicPartition) -> KafkaError {
        KafkaError(
            .noOffset,
            """
            The group '\(configuration.groupID)' has no committed offset for \(partition), and startFrom is 'error'. Set \
            startFrom to 'earliest' or 'latest', or set the offset: \(resetCommand(partition)) --to-earliest --execute
            """, topic: partition.topic, partition: partition.partition)
    }

    func outOfRange(_ partition: TopicPartition, offset: Int64, low: Int64, high: Int64) -> KafkaError {
        let why =
            offset < low
            ? "retention has removed the records before \(low) that were not done"
            : "the topic was created anew, or records were lost"
        return KafkaError(
            .offsetOutOfRange,
            """
            The group '\(configuration.groupID)' is to go on at offset \(offset) of \(partition), but the partition holds \
            \(low) to \(high): \(why). Decide where to go on, and set it while the group is stopped: \
            \(resetCommand(partition)) --to-offset \(max(low, min(offset, high))) --execute
            """, topic: partition.topic, partition: partition.partition)
    }

    private func resetCommand(_ partition: TopicPartition) -> String {
        "kafka-consumer-groups --bootstrap-server ... --group \(configuration.groupID) "
            + "--topic \(partition.topic):\(partition.partition) --reset-offsets"
    }
}

extension ContinuousClock.Instant {
    fileprivate func midpoint(to other: ContinuousClock.Instant) -> ContinuousClock.Instant {
        advanced(by: duration(to: other) / 2)
    }
}
