internal import CLibRDKafka
internal import Synchronization

/// A consumer's poll thread: everything in it is touched by that thread alone.
///
/// It waits for one event, then takes what else is there without waiting, up to a batch. Messages come as events of one
/// queue, one by one: the library's own batch calls skip offsets around pauses and rebalances (before 2.1.0).
final class PollLoop {
    /// How long a batch waits for a reader, and fetched records with it, before the partitions are paused.
    static let patience = 200
    static let nextID = Atomic<UInt32>(1)

    let configuration: ConsumerConfiguration
    let delegate: any ConsumerDelegate
    let state: ConsumerState
    let queue: NativeQueue

    var builder: RecordBatchBuilder
    private var nudge: FetchNudge
    var assigned: [AssignedPartition] = []
    var epoch: UInt64 = 0
    var pending: PendingAssignment?
    var paused = PausedPartitions()
    /// Nobody reads: everything is paused until there is demand.
    var isPausedForDemand = false
    var pauseRevision = 0
    var appliedPausesAll = false
    /// What has ended the sequence: nothing is handed over, the membership is kept for commits.
    var failure: KafkaError?
    var hasFailed: Bool { failure != nil }
    /// Who waits for the rewind that is under way.
    var rewinds: [Rewind] = []
    var topicCheck: TopicCheck?
    var authentication: AuthenticationWatch
    let started = ContinuousClock.now

    init(
        _ configuration: ConsumerConfiguration, delegate: any ConsumerDelegate, state: ConsumerState, queue: NativeQueue
    ) {
        self.configuration = configuration
        self.delegate = delegate
        self.state = state
        self.queue = queue
        builder = RecordBatchBuilder(
            maximumRecords: configuration.maximumBatchRecords, maximumBytes: configuration.maximumBatchBytes)
        authentication = AuthenticationWatch(window: configuration.authenticationWindow)
        nudge = FetchNudge(configuration.properties)
    }

    var client: NativeClient { queue.client }

    func run() {
        // Until somebody has seen that the topics are there, look by ourselves: a topic that is missing is told once only.
        topicCheck = TopicCheck(at: started.advanced(by: configuration.graceWindow))
        while closeDeadline == nil {
            applyPauses()
            beginRewind()
            resolvePendingAssignment()
            checkTopics()
            fillBatch()
            handOver()
        }
        leave()
    }

    private var closeDeadline: ContinuousClock.Instant? { state.assignment.withLock { $0.closeDeadline } }

    private func fillBatch() {
        guard var event = queue.poll(milliseconds: pollTimeout) else { return }
        while true {
            handle(event)
            if builder.isFull { return }
            guard let next = queue.poll(milliseconds: 0) else { return }
            event = next
        }
    }

    private var pollTimeout: Int32 {
        if pending != nil { return 100 }
        if let topicCheck { return max(10, min(1_000, topicCheck.at.remainingMilliseconds)) }
        return 1_000
    }

    private func handOver() {
        guard !builder.isEmpty else {
            if isPausedForDemand, state.mailbox.hasRoom() { isPausedForDemand = false }
            return
        }
        if !state.mailbox.hasRoom() {
            guard builder.isFull, !isPausedForDemand else { return }
            // What is fetched already stays where it is for a moment: pausing throws it away.
            state.mailbox.waitForRoom(milliseconds: Self.patience)
            guard state.mailbox.hasRoom() else {
                isPausedForDemand = true
                return
            }
        }
        // Some broker lets us in, whatever another one says.
        authentication.succeeded()
        if let batch = builder.finish() { state.mailbox.put(batch) }
        nudge.recordsTaken(from: queue)
        isPausedForDemand = false
    }

    private func handle(_ event: borrowing NativeEvent) {
        switch event.type {
        case RD_KAFKA_EVENT_FETCH:
            guard !hasFailed, let message = event.nextMessage() else { return }
            if message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR { _ = builder.append(message) }
        case RD_KAFKA_EVENT_REBALANCE: handleRebalance(event)
        case RD_KAFKA_EVENT_ERROR: handleError(event.kafkaError(), at: event.errorPosition)
        case RD_KAFKA_EVENT_LOG:
            if let onLog = configuration.onLog, let line = event.logLine { onLog(line) }
        case RD_KAFKA_EVENT_STATS:
            guard let onStatistics = configuration.onStatistics else { return }
            event.withStatistics { text in
                if let statistics = KafkaStatistics(json: text) { onStatistics(statistics) }
            }
        default: break
        }
    }

    /// Ends the sequence; the partitions are paused, and stay ours for commits until the consumer is closed.
    func fail(_ error: KafkaError) {
        guard !hasFailed else { return }
        failure = error
        builder.drop()
        isPausedForDemand = true
        state.mailbox.end(error)
    }

    /// Makes the library pause what the caller has paused, or everything.
    private func applyPauses() {
        guard !assigned.isEmpty else { return }
        let (revision, caller) = state.assignment.withLock { ($0.pauseRevision, $0.callerPaused) }
        let pausesAll = isPausedForDemand || hasFailed
        guard revision != pauseRevision || pausesAll != appliedPausesAll else { return }
        pauseRevision = revision
        appliedPausesAll = pausesAll
        let all = Set(assigned.map(\.topicPartition))
        let change = paused.change(to: pausesAll ? all : caller.intersection(all))
        setPaused(change.pause, true)
        setPaused(change.resume, false)
    }

    func setPaused(_ partitions: [TopicPartition], _ pauses: Bool) {
        guard !partitions.isEmpty else { return }
        let list = NativePartitionList(partitions)
        if pauses {
            rd_kafka_pause_partitions(client.handle, list.pointer)
        } else {
            rd_kafka_resume_partitions(client.handle, list.pointer)
        }
    }

    /// Leaves the group and ends.
    private func leave() {
        let deadline = closeDeadline ?? .now
        state.mailbox.end()
        // The queue is its own target: rebalances, errors and log lines go on coming to it.
        if let error = rd_kafka_consumer_close_queue(client.handle, queue.pointer) {
            // After a fatal error there is no orderly way to leave.
            let error = KafkaError(consuming: error, during: "Leaving the group '\(configuration.groupID)'")
            configuration.onError?(error)
        } else {
            while rd_kafka_consumer_closed(client.handle) == 0, ContinuousClock.now < deadline {
                if let event = queue.poll(milliseconds: min(100, deadline.remainingMilliseconds)),
                    event.type != RD_KAFKA_EVENT_FETCH
                {
                    handle(event)
                }
            }
        }
        loseAssignment()
        rewinds += state.assignment.withLock { state in
            // From here on none is taken.
            state.queue = nil
            defer { state.rewinds = [] }
            return state.rewinds
        }
        endRewinds(.closed("consumer"))
        state.ended.fire()
    }
}
