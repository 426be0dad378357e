internal import RDKafka
internal import Synchronization

/// Sends results in the order of their requests: the one place that locks the ``OrderedOutbox``.
///
/// Results are produced under its lock, which never blocks: so the order of a partition is the order of producing.
final class OrderedDelivery: Sendable {
    private struct State {
        var outbox: OrderedOutbox<HeldResult>
        var producer: ResultProducer
        var onHeldBytes: @Sendable (Int) -> Void = { _ in }
        /// Why the transaction must not be committed, where a result was refused.
        var refusal: KafkaError?
        /// The transaction is to end soon: a partition is given up, or the bridge stops.
        var isHurried = false

        mutating func doom(_ error: KafkaError) {
            if refusal == nil { refusal = error }
            outbox.doom()
        }
    }

    /// Results that end a transaction before its time: half of what ``WindowGuard`` lets be open.
    private static let mostRecords = WindowGuard.limit / 2

    let usesTransactions: Bool
    private let ledger: DeliveryLedger
    private let state: Mutex<State>
    /// For results that had to wait; locked inside the state's lock.
    private let writer: Mutex<OutputWriter>
    /// Signalled when a transaction gets its first result, is doomed or hurried.
    private let transactionChanged = AsyncCondition()

    init(usesTransactions: Bool, ledger: DeliveryLedger, producer: ResultProducer, format: OutputFormat) {
        self.usesTransactions = usesTransactions
        self.ledger = ledger
        state = Mutex(State(outbox: OrderedOutbox(usesTransactions: usesTransactions), producer: producer))
        writer = Mutex(OutputWriter(format: format))
    }

    /// Sets who is told of bytes that are held back (above zero) and let out (below).
    func onHeldBytes(_ handler: @escaping @Sendable (Int) -> Void) {
        state.withLock { $0.onHeldBytes = handler }
    }

    var producer: Producer { state.withLock { $0.producer.producer } }

    /// Bytes held back in all assignments.
    var allHeldBytes: Int { state.withLock { $0.outbox.heldBytes } }

    /// Bytes held back in each assignment.
    var heldBytes: [UInt32: Int] { state.withLock { $0.outbox.heldBytesByAssignment } }

    /// Whether a record's result waits for an earlier one's.
    func isHeld(_ token: RecordToken) -> Bool {
        state.withLock { $0.outbox.isHeld(token) }
    }

    // MARK: Results

    func send(
        _ request: LookupRequest, _ result: LookupResult, source: LookupSource, _ writer: inout OutputWriter
    ) throws(KafkaError) -> Delivery.Outcome {
        try change { state throws(KafkaError) in
            switch state.outbox.turn(of: request.token) {
            case .never: return .dropped
            case .later:
                let held = HeldResult(
                    request: HeldRequest(request), id: request.id.map { Array($0) }, result: result, source: source,
                    attempts: 0)
                state.outbox.hold(held, bytes: held.request.heldBytes, token: request.token)
                return .taken(heldBytes: held.request.heldBytes)
            case .now:
                guard state.outbox.isOpen, !state.outbox.isDoomed else { return .full }
                let isTaken = try produce(&state) { producer throws(KafkaError) in
                    try producer.produce(request, result, source: source, attempts: 0, &writer)
                }
                guard isTaken else { return .full }
                _ = state.outbox.produced(request.token.assignment, now: .now)
                return .taken(heldBytes: 0)
            }
        }
    }

    /// Never finds its way full: it is held, for it has its own copy of the request already.
    func send(_ held: HeldResult, _ writer: inout OutputWriter) throws(KafkaError) -> Delivery.Outcome {
        let token = held.request.token
        return try change { state throws(KafkaError) in
            if state.outbox.turn(of: token) == .never { return .dropped }
            state.outbox.hold(held, bytes: held.request.heldBytes, token: token)
            return .taken(heldBytes: held.request.heldBytes)
        }
    }

    /// Makes a change, lets out what may go out after it, and tells who waits.
    private func change<Value>(_ body: (inout State) throws(KafkaError) -> Value) throws(KafkaError) -> Value {
        let outcome = state.withLock { state -> Result<(Value, Int, Bool, @Sendable (Int) -> Void), KafkaError> in
            let count = state.outbox.recordCount
            let wasDoomed = state.outbox.isDoomed
            do throws(KafkaError) {
                let value = try body(&state)
                let freed = try letOut(&state)
                let isNews =
                    usesTransactions
                    && ((count == 0 && state.outbox.recordCount > 0) || wasDoomed != state.outbox.isDoomed
                        || (count < Self.mostRecords && state.outbox.recordCount >= Self.mostRecords))
                return .success((value, freed, isNews, state.onHeldBytes))
            } catch {
                return .failure(error)
            }
        }
        let (value, freed, isNews, onHeldBytes) = try outcome.get()
        if freed > 0 { onHeldBytes(-freed) }
        if isNews { transactionChanged.signal() }
        return value
    }

    private func letOut(_ state: inout State) throws(KafkaError) -> Int {
        guard state.outbox.hasWaiting else { return 0 }
        return try writer.withLock { writer throws(KafkaError) in try letOut(&state, &writer) }
    }

    private func letOut(_ state: inout State, _ writer: inout OutputWriter) throws(KafkaError) -> Int {
        var freed = 0
        while let (token, held) = state.outbox.nextHeld() {
            let isTaken = try produce(&state) { producer throws(KafkaError) in
                try held.withRequest { request throws(KafkaError) in
                    try producer.produce(
                        request, held.result, source: held.source, attempts: held.attempts, &writer)
                }
            }
            guard isTaken else {
                state.outbox.putBack(token)
                break
            }
            freed += state.outbox.produced(token.assignment, now: .now)
        }
        return freed
    }

    /// In a transaction a refusal ends the transaction, and not the run: what is wrong shows when it is aborted.
    private func produce(
        _ state: inout State, _ body: (ResultProducer) throws(KafkaError) -> Bool
    ) throws(KafkaError) -> Bool {
        do throws(KafkaError) {
            return try body(state.producer)
        } catch {
            guard usesTransactions, !error.isPermanentRefusal else { throw error }
            state.doom(error)
            return false
        }
    }

    // MARK: Reports

    func acknowledge(_ reports: [DeliveryReport]) {
        if usesTransactions {
            note(reports)
            ledger.signalRoom()
        } else {
            ledger.acknowledge(reports)
        }
        do throws(KafkaError) {
            // The queue has room again for what could not be let out.
            try change { _ in () }
        } catch {
            ledger.fail(error)
        }
    }

    /// Results of a transaction are acknowledged by its commit; a report can only doom it.
    private func note(_ reports: [DeliveryReport]) {
        for report in reports {
            guard let error = report.error else { continue }
            if error.isPermanentRefusal { ledger.fail(error) }
            let isNews = state.withLock { state in
                // What an abort purges is reported while no transaction is open.
                guard state.outbox.isOpen, !state.outbox.isDoomed else { return false }
                state.doom(error)
                return true
            }
            if isNews { transactionChanged.signal() }
        }
    }

    // MARK: Assignments

    func assign(_ assignments: [UInt32]) {
        state.withLock { state in
            for assignment in assignments { state.outbox.assign(assignment) }
        }
    }

    /// Gives records up.
    ///
    /// - Returns: those behind them whose results were held.
    func giveUp(_ tokens: [RecordToken]) -> [RecordToken] {
        let (given, bytes, onHeldBytes) = state.withLock { state in
            var given: [RecordToken] = []
            var bytes = 0
            for token in tokens {
                let dropped = state.outbox.giveUp(token)
                given += dropped.tokens
                bytes += dropped.bytes
            }
            return (given, bytes, state.onHeldBytes)
        }
        if bytes > 0 { onHeldBytes(-bytes) }
        return given
    }

    func end(_ assignments: [UInt32]) {
        let (bytes, onHeldBytes, isDoomed) = state.withLock { state in
            (state.outbox.end(assignments), state.onHeldBytes, state.outbox.isDoomed)
        }
        if bytes > 0 { onHeldBytes(-bytes) }
        if isDoomed { transactionChanged.signal() }
    }

    // MARK: Transactions

    /// A transaction is begun.
    func open() throws(KafkaError) {
        state.withLock { state in
            state.outbox.open()
            state.refusal = nil
        }
        try change { _ in () }
        ledger.signalRoom()
    }

    /// From now on the transaction ends as soon as it has results.
    func hurry(_ isHurried: Bool) {
        state.withLock { $0.isHurried = isHurried }
        transactionChanged.signal()
    }

    /// Waits until the open transaction is due: it is old enough, large enough, hurried or doomed.
    func waitUntilDue(after interval: Duration) async {
        while !Task.isCancelled {
            let due: MonotonicInstant? = state.withLock { state in
                let outbox = state.outbox
                if outbox.isDoomed { return .now }
                guard outbox.recordCount > 0, let first = outbox.firstAt else { return nil }
                return state.isHurried || outbox.recordCount >= Self.mostRecords ? first : first + interval
            }
            guard let due else {
                await transactionChanged.wait {
                    self.state.withLock { $0.outbox.recordCount > 0 || $0.outbox.isDoomed }
                }
                continue
            }
            if due <= .now { return }
            _ = await isDone(by: due) {
                await self.transactionChanged.wait {
                    self.state.withLock {
                        $0.outbox.isDoomed || $0.isHurried || $0.outbox.recordCount >= Self.mostRecords
                    }
                }
            }
        }
    }

    /// What a transaction holds that takes no more results.
    struct Closed {
        var runs: [OrderedOutbox<HeldResult>.Run]
        var isDoomed: Bool
        var firstAt: MonotonicInstant?
        /// The first result that was refused.
        var refusal: KafkaError?
    }

    /// Nothing more goes into the transaction.
    func close() -> Closed {
        state.withLock { state in
            let firstAt = state.outbox.firstAt
            return Closed(
                runs: state.outbox.close(), isDoomed: state.outbox.isDoomed, firstAt: firstAt, refusal: state.refusal)
        }
    }

    /// Another producer takes over.
    func replace(_ producer: ResultProducer) {
        state.withLock { $0.producer = producer }
    }
}

extension KafkaError {
    /// The brokers will not take this record, or the topic, whatever is tried again.
    fileprivate var isPermanentRefusal: Bool {
        [
            .messageTooLarge, .invalidRecord, .invalidTimestamp, .policyViolation, .topicAuthorizationFailed,
            .unknownTopicOrPartition, .unknownTopic, .unknownPartition,
            .clusterAuthorizationFailed,
        ].contains(code)
    }
}
