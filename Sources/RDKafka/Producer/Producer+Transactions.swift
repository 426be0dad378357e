internal import CLibRDKafka
internal import Synchronization

/// Transactions: records and offsets that are seen together, or not at all.
///
/// The order is `initTransactions` once, then for each transaction `beginTransaction`, records, `sendOffsets`, and
/// `commitTransaction` or `abortTransaction`. One call at a time: one that is made while another runs waits for it. Each ends
/// with its answer or throws a `KafkaError` whose `transactionRecovery` says what to do; nothing is repeated here. They run
/// on a thread of the producer's own.
///
/// The brokers end a transaction that is open for longer than `ProducerConfiguration.transactionTimeout`. Abort what is open
/// before the producer is closed: until the brokers have ended it, it holds back readers of the same partitions.
extension Producer {
    /// Makes this the one producer of its transactional id: ends what an earlier one has left open, and fences it.
    ///
    /// - Throws: `KafkaError`, mostly to be called again: coordinators of a new cluster need some seconds.
    public func initTransactions(timeout: Duration) async throws(KafkaError) {
        try await transact(.initialize, timeout: timeout) { client, deadline in
            rd_kafka_init_transactions(client.handle, deadline.remainingMilliseconds)
        }
    }

    /// Begins a transaction. No broker is asked, and its time starts with its first record or offset.
    public func beginTransaction() async throws(KafkaError) {
        try await transact(.begin, timeout: .seconds(5)) { client, _ in rd_kafka_begin_transaction(client.handle) }
        sendQueue.transactionBegan()
    }

    /// Commits positions of a group with the transaction. May be called more than once; the last one of a partition counts.
    /// Writes what is queued first.
    ///
    /// Give it time: the library can lose its way to a group's coordinator that is being moved, and then it is left behind
    /// at its deadline, and the producer with it.
    ///
    /// - Parameters:
    ///   - offsets: The next offset to read of each partition. Nothing is done for none.
    ///   - group: Of the assignment that the records were read under.
    ///   - timeout: The time for the answers of both coordinators, at most the transaction's timeout.
    /// - Throws: `KafkaError`: an abort where the group has moved on.
    public func sendOffsets(
        _ offsets: [TopicPartitionOffset], group: ConsumerGroupMetadata, timeout: Duration
    ) async throws(KafkaError) {
        try await transact(.sendOffsets, timeout: timeout, after: whole) { client, deadline in
            // Until the transaction before is completed, which takes some milliseconds, the coordinator takes nothing. The
            // library asks again for records after 20 ms, for offsets after 100: the records go ahead.
            rd_kafka_flush(client.handle, deadline.remainingMilliseconds / 2)
            let list = NativePartitionList(offsets)
            return group.withNative {
                rd_kafka_send_offsets_to_transaction(
                    client.handle, list.pointer, $0, deadline.remainingMilliseconds)
            }
        }
    }

    /// Writes what is queued and makes the transaction seen. When it returns, all of its deliveries were reported.
    ///
    /// - Throws: `KafkaError`: after one that is to be called again, no other call but this one.
    public func commitTransaction(timeout: Duration) async throws(KafkaError) {
        try await transact(.commit, timeout: timeout, after: ended) { client, deadline in
            rd_kafka_commit_transaction(client.handle, deadline.remainingMilliseconds)
        }
    }

    /// Ends the transaction without a trace. When it returns, all of its deliveries were reported, in part as errors.
    ///
    /// - Throws: `KafkaError`: after one that is to be called again, no other call but this one.
    public func abortTransaction(timeout: Duration) async throws(KafkaError) {
        try await transact(.abort, timeout: timeout, after: givenUp) { client, deadline in
            // An abort that overtakes the first record is fatal: the coordinator, which still completes the transaction
            // before, knows of nothing to abort. What is delivered was registered.
            rd_kafka_flush(client.handle, deadline.remainingMilliseconds / 2)
            return rd_kafka_abort_transaction(client.handle, deadline.remainingMilliseconds)
        }
    }

    /// Why the open transaction can only be aborted; `nil` while the client knows of no reason.
    ///
    /// What the brokers said is told by the transaction's next call alone: reports of its records say that they were purged.
    package func transactionFailure() async -> KafkaError? {
        do throws(KafkaError) {
            try await transact(.inspect, timeout: .seconds(5), after: { call, _ in self.brokenState(call) }) { _, _ in
                nil
            }
            return nil
        } catch {
            return error.requiresAbort || client.fatalError != nil ? error : nil
        }
    }

    /// Why the library's transaction can only be aborted. None can be begun while one is open, so this does nothing but fail.
    private func brokenState(_ call: TransactionCall) -> KafkaError? {
        guard let error = rd_kafka_begin_transaction(client.handle) else { return nil }
        let reason = KafkaError(consuming: error, during: call, of: configuration)
        return reason.requiresAbort || client.fatalError != nil ? reason : nil
    }

    private func ended(_ call: TransactionCall, _ deadline: ContinuousClock.Instant) -> KafkaError? {
        sendQueue.transactionEnds()
        return whole(call, deadline)
    }

    private func givenUp(_ call: TransactionCall, _ deadline: ContinuousClock.Instant) -> KafkaError? {
        sendQueue.transactionEnds()
        giveUpWaiting()
        return handedOver(call, deadline)
    }

    /// Waits until the library has all records of the transaction.
    ///
    /// - Returns: why it does not have them.
    private func whole(_ call: TransactionCall, _ deadline: ContinuousClock.Instant) -> KafkaError? {
        if let late = handedOver(call, deadline) { return late }
        guard let gap = sendQueue.gap else { return nil }
        // What the library has to say of its transaction explains why it took a record no more.
        if let reason = brokenState(call) { return reason }
        return KafkaError(
            .inconsistent, "\(call.action): it lacks a record, and can only be aborted. \(gap.message)",
            requiresAbort: true, cause: gap)
    }

    private func handedOver(_ call: TransactionCall, _ deadline: ContinuousClock.Instant) -> KafkaError? {
        let half = ContinuousClock.now.advanced(by: .milliseconds(Int(deadline.remainingMilliseconds / 2)))
        guard !sendQueue.drain(until: half) else { return nil }
        return KafkaError(
            .timedOut, "\(call.action): records wait to be sent, for brokers are slow. Make the same call again.",
            isRetriable: true)
    }

    private func transact(
        _ call: TransactionCall, timeout: Duration,
        after prepare: @escaping @Sendable (TransactionCall, ContinuousClock.Instant) -> KafkaError? = { _, _ in nil },
        _ body: @escaping @Sendable (NativeClient, ContinuousClock.Instant) -> OpaquePointer?
    ) async throws(KafkaError) {
        let configuration = configuration
        guard let id = configuration.transactionalID else {
            throw KafkaError(
                .notConfigured, "\(call.action): the producer has no transactional id. Give it one.", isRetriable: false
            )
        }
        // Nobody would take the reports that a commit waits for.
        guard !isStopping else { throw .closed("producer") }
        if let stuck = abandonment.withLock({ $0 }) { throw stuck }
        let action = "\(call.action) of '\(id)'"
        let overrun = KafkaError(
            .timedOut,
            "\(action) was not answered within \(timeout), nor did the client give it up. Build a new producer, and go "
                + "back to the committed offsets.", isFatal: true)
        do throws(KafkaError) {
            try await transactions.run(action, timeout: timeout, orElse: overrun, after: .seconds(2)) {
                [client] deadline -> Result<Void, KafkaError> in
                if let error = prepare(call, deadline) { return .failure(error) }
                guard let error = body(client, deadline) else { return .success(()) }
                return .failure(KafkaError(consuming: error, during: call, of: configuration))
            }
        } catch {
            if error.requiresAbort || error.isFatal { sendQueue.transactionEnds() }
            // The line is busy for as long as the library likes: no call would be made any more.
            if error.isFatal, error.code == .timedOut { abandonment.withLock { $0 = error } }
            throw error
        }
    }
}
