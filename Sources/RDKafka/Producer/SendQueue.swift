internal import CLibRDKafka
internal import Synchronization

/// What waits to be given to the library, and what is known of what it has.
///
/// An idempotent producer of the library (2.0.2) has one batch of each partition under way. While records whose `linger.ms`
/// is over wait behind it, its broker thread turns in circles: where brokers take longer than that to acknowledge, a third
/// of all CPU time. So records wait here while others are under way, and go to the library together, and to the brokers at
/// once, when those are acknowledged: few at a time where few come, many where many come. Only where very many come is a
/// little time spent on waiting for more (``Linger``).
///
/// Filled by any thread under its lock, which no call that blocks is made under; emptied by ``SendLoop``.
final class SendQueue: Sendable {
    /// What the thread that empties the queue does next.
    enum Step {
        /// Take what was swapped in, and give it to the library.
        case send(hasRoom: Bool)
        /// Sleep until woken, or for so long at most.
        case sleep(ContinuousClock.Instant?)
        case end
    }

    struct Limits: Sendable {
        /// Records that were not reported yet, wherever they are.
        var records: Int
        /// Bytes that wait here; one record may always wait.
        var bytes: Int
        /// Bytes of one record as the brokers see it.
        var recordBytes: Int
        /// How long the first record waits for others: see ``Linger``.
        var linger: Duration?
    }

    private struct State: ~Copyable {
        var waiting = OutgoingBatch()
        var linger: Linger
        /// When the first record has waited for others for long enough.
        var due: ContinuousClock.Instant?
        /// Counted since the start: taken in, given to the library or failed on the way, and reported.
        var taken: UInt64 = 0
        var handedOver: UInt64 = 0
        var reported: UInt64 = 0
        /// Somebody found no room for its bytes.
        var hasRefused = false
        /// The thread that empties the queue sleeps: for the first record, or until that has waited for others.
        var isAsleep = false
        var isTransactionOpen = false
        var isStopping = false
        /// What nothing can be produced after.
        var failure: KafkaError?
        /// Why the open transaction lacks a record.
        var gap: KafkaError?
        /// Who waits until what was taken so far is handed over.
        var drains: [(count: UInt64, done: WakeSignal)] = []

        init(_ linger: Linger) {
            self.linger = linger
        }
    }

    private static let full = KafkaError(
        .queueFull, "The producer's queue is full: try again when deliveries were reported.")
    static let noTransaction = KafkaError(
        .outOfOrder, "No transaction is open, or it has failed: the record is not taken. Begin one, or abort it.",
        requiresAbort: true)

    let limits: Limits
    let usesTransactions: Bool
    private let state: Mutex<State>
    /// What was taken and not handed over yet is not to be: set while a transaction is aborted, and at the end.
    private let givesUp = Atomic(false)
    /// Wakes the thread that empties the queue.
    let wake = WakeSignal()

    init(_ limits: Limits, usesTransactions: Bool) {
        self.limits = limits
        self.usesTransactions = usesTransactions
        state = Mutex(State(Linger(limits.linger)))
    }

    // MARK: Records come in

    /// Takes a record in.
    ///
    /// - Throws: where it is not taken; its headers still belong to the caller then.
    func append(
        topic: ProducerTopic, partition: Int32, key: UnsafeRawBufferPointer?, value: UnsafeRawBufferPointer?,
        headers: OpaquePointer?, headerBytes: Int, timestamp: Int64, token: UInt64
    ) throws(KafkaError) {
        let bytes = (key?.count ?? 0) + (value?.count ?? 0)
        guard bytes + headerBytes + Self.recordOverhead <= limits.recordBytes else {
            throw KafkaError(
                .messageTooLarge,
                "A record of \(bytes + headerBytes) bytes for the topic '\(topic.name)' is larger than"
                    + " message.max.bytes or the topic allows (\(limits.recordBytes)).", topic: topic.name)
        }
        let (refusal, mustWake) = state.withLock { state -> (KafkaError?, Bool) in
            if let refusal = self.refusal(state, bytes) {
                if refusal.code == .queueFull { state.hasRefused = true }
                return (refusal, false)
            }
            if state.waiting.count == 0 { state.due = state.linger.end { .now } }
            state.waiting.append(
                topic: topic.pointer, partition: partition, key: key, value: value, headers: headers,
                timestamp: timestamp, token: token)
            state.taken += 1
            guard state.isAsleep, state.waiting.count == 1 || isLarge(state) else { return (nil, false) }
            state.isAsleep = false
            return (nil, true)
        }
        if mustWake { wake.signal() }
        if let refusal { throw refusal }
    }

    /// What the format adds to key, value and headers at most (RD_KAFKAP_MESSAGE_V2_MAX_OVERHEAD).
    private static let recordOverhead = 36

    private func refusal(_ state: borrowing State, _ bytes: Int) -> KafkaError? {
        if state.isStopping { return .closed("producer") }
        if let failure = state.failure { return failure }
        if usesTransactions, !state.isTransactionOpen { return Self.noTransaction }
        guard state.taken - state.reported < UInt64(limits.records),
            state.waiting.count == 0 || state.waiting.byteCount + bytes <= limits.bytes
        else { return Self.full }
        return nil
    }

    /// Whether records have waited for others for long enough, or are many.
    private func isDue(_ state: borrowing State) -> Bool {
        guard let due = state.due, state.drains.isEmpty, !state.isStopping else { return true }
        return isLarge(state) || ContinuousClock.now >= due
    }

    private func isLarge(_ state: borrowing State) -> Bool {
        state.waiting.count >= limits.records / 2 || state.waiting.byteCount >= limits.bytes / 2
    }

    /// The library has reported records.
    func reported(_ count: Int) {
        state.withLock { $0.reported += UInt64(count) }
    }

    // MARK: Transactions

    func transactionBegan() {
        givesUp.store(false, ordering: .relaxed)
        state.withLock { state in
            state.isTransactionOpen = true
            state.gap = nil
        }
    }

    /// From now on nothing is taken until the next transaction.
    func transactionEnds() {
        state.withLock { $0.isTransactionOpen = false }
    }

    // MARK: Records go out

    /// What to do next; where that is to send, the batch, which is empty, is swapped for what waits.
    func next(_ batch: inout OutgoingBatch) -> Step {
        state.withLock { state in
            guard state.waiting.count > 0 else {
                if state.isStopping { return .end }
                state.isAsleep = true
                return .sleep(nil)
            }
            guard isDue(state) else {
                state.isAsleep = true
                return .sleep(state.due)
            }
            swap(&state.waiting, &batch)
            state.linger.sent(batch.count, at: .now)
            state.due = nil
            state.isAsleep = false
            defer { state.hasRefused = false }
            return .send(hasRoom: state.hasRefused)
        }
    }

    /// Records were given to the library, or have failed on the way.
    ///
    /// - Parameter failed: of them, which the library knows nothing of: a transaction must not be committed without them.
    func handedOver(_ count: Int, failed: [(token: UInt64, error: KafkaError)]) {
        state.withLock { state in
            state.handedOver += UInt64(count)
            state.reported += UInt64(failed.count)
            if state.gap == nil { state.gap = failed.first?.error }
            finishDrains(&state)
        }
    }

    /// Why the open transaction lacks a record that was taken for it.
    var gap: KafkaError? { state.withLock { $0.gap } }

    private func finishDrains(_ state: inout State) {
        let handedOver = state.handedOver
        state.drains.removeAll { drain in
            guard handedOver >= drain.count else { return false }
            drain.done.signal()
            return true
        }
    }

    /// Blocks the calling thread until what was taken so far is handed over, or until the deadline.
    ///
    /// - Returns: whether it is.
    func drain(until deadline: ContinuousClock.Instant) -> Bool {
        let done = WakeSignal()
        let (isDrained, mustWake) = state.withLock { state -> (Bool, Bool) in
            if state.handedOver == state.taken { return (true, false) }
            state.drains.append((state.taken, done))
            defer { state.isAsleep = false }
            return (false, state.isAsleep)
        }
        if mustWake { wake.signal() }
        if isDrained { return true }
        let isDone = done.wait(atMost: ContinuousClock.now.duration(to: deadline))
        if !isDone { state.withLock { state in state.drains.removeAll { $0.done === done } } }
        return isDone
    }

    /// Takes out what waits, to be given up, and makes the thread give up what it holds.
    func giveUp(into batch: inout OutgoingBatch) {
        state.withLock { state in
            givesUp.store(true, ordering: .relaxed)
            swap(&state.waiting, &batch)
        }
    }

    var isGivenUp: Bool { givesUp.load(ordering: .relaxed) }

    // MARK: The end

    /// From now on nothing is taken.
    func fail(_ error: KafkaError) {
        state.withLock { state in
            if state.failure == nil { state.failure = error }
        }
    }

    func stop() {
        state.withLock { $0.isStopping = true }
        wake.signal()
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    /// Records that wait here, or are in the batch that is being handed over.
    var waitingCount: Int { state.withLock { Int($0.taken - $0.handedOver) } }
}
