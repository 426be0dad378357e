@testable import IntegrationBridge

/// What `Delivery`, `OrderedDelivery` and `DeliveryLedger` do.
extension ModelBridge {
    enum Outcome {
        case taken(heldBytes: Int)
        case full
        case dropped
    }

    // MARK: Results

    /// A result whose request is still in its batch.
    func sendFromBatch(_ result: Result) -> Outcome {
        guard isOrdered else { return produce(result) ? .taken(heldBytes: 0) : .full }
        return change {
            switch outbox.turn(of: result.waiter.token) {
            case .never: return .dropped
            case .later where world.bug == .producedOutOfTurn && outbox.isOpen && !outbox.isDoomed:
                guard produce(result) else { return .full }
                outbox.hold(result, bytes: 0, token: result.waiter.token)
                return .taken(heldBytes: 0)
            case .later:
                outbox.hold(result, bytes: result.waiter.heldBytes, token: result.waiter.token)
                return .taken(heldBytes: result.waiter.heldBytes)
            case .now:
                guard (outbox.isOpen && !outbox.isDoomed) || world.bug == .producedWhileClosed else { return .full }
                guard produce(result) else { return .full }
                _ = outbox.produced(result.waiter.assignment, now: world.now)
                return .taken(heldBytes: 0)
            }
        }
    }

    /// A result whose request has waited for it.
    func sendHeld(_ result: Result) -> Outcome {
        guard isOrdered else { return produce(result) ? .taken(heldBytes: 0) : .full }
        return change {
            if outbox.turn(of: result.waiter.token) == .never { return .dropped }
            outbox.hold(result, bytes: result.waiter.heldBytes, token: result.waiter.token)
            return .taken(heldBytes: result.waiter.heldBytes)
        }
    }

    /// Makes a change, lets out what may go out after it, and tells who waits.
    func change<Value>(_ body: () -> Value) -> Value {
        let count = outbox.recordCount
        let wasDoomed = outbox.isDoomed
        let value = body()
        letGo(letOut())
        let isFirst = count == 0 && outbox.recordCount > 0
        let isLarge = count < ModelRunner.mostRecords && outbox.recordCount >= ModelRunner.mostRecords
        let isDoom = wasDoomed != outbox.isDoomed && world.bug != .doomWakesNobody
        if usesTransactions, isFirst || isLarge || isDoom { signals.transactionChanged.signal() }
        return value
    }

    private func letOut() -> Int {
        var freed = 0
        while let (token, result) = outbox.nextHeld() {
            guard produce(result) else {
                outbox.putBack(token)
                break
            }
            freed += outbox.produced(token.assignment, now: world.now)
        }
        return freed
    }

    private func produce(_ result: Result) -> Bool {
        let token = result.waiter.token
        if usesTransactions, producer.isFenced || world.strikes(.refusedRecord) {
            outbox.doom()
            return false
        }
        // A full queue is followed by reports.
        let isFull = !producer.queue.isEmpty && world.strikes(.fullQueue)
        guard producer.queue.count < ModelProducer.queueLimit, !isFull else { return false }
        if usesTransactions, !producer.isInTransaction {
            world.broker.report("a result is produced while no transaction is open", "\(result.waiter.input)")
        }
        if isOrdered, token.sequence != producedNext[token.assignment, default: 0] {
            world.broker.report("a result is produced out of its turn", "\(result.waiter.input)")
        }
        producedNext[token.assignment] = token.sequence + 1
        if !usesTransactions { world.broker.note(result.waiter.input, topic: result.topic) }
        producer.produce(.init(token: token, input: result.waiter.input, topic: result.topic))
        if world.bug == .finishedWhenProduced { ledger.finish(token) }
        return true
    }

    // MARK: Reports

    /// Takes the delivery reports in.
    func acknowledge() {
        let reports = producer.reports
        guard !reports.isEmpty else { return }
        producer.reports = []
        for report in reports {
            if usesTransactions {
                guard report.isRefused, outbox.isOpen, !outbox.isDoomed else { continue }
                outbox.doom()
                signals.transactionChanged.signal()
            } else if report.isRefused, world.bug != .refusalIgnored {
                hasFailed = true
            } else {
                ledger.finish(report.token)
            }
        }
        if !usesTransactions { finishDrain() }
        signals.progress.signal()
        if isOrdered { change {} }
    }

    /// Something failed for good: the run ends.
    func fail() {
        hasFailed = true
        finishDrain()
        signals.progress.signal()
    }

    // MARK: Records

    /// Gives records up, and what waits for its turn behind them.
    func abandon(_ tokens: [RecordToken]) {
        var tokens = tokens
        if isOrdered, world.bug != .heldResultsNotGivenUp {
            var bytes = 0
            for token in tokens {
                let dropped = outbox.giveUp(token)
                tokens += dropped.tokens
                bytes += dropped.bytes
            }
            letGo(bytes)
        }
        for token in tokens { ledger.abandon(token) }
        finishDrain()
        signals.progress.signal()
    }

    /// A transaction with the results of these records is committed.
    func settle() {
        for run in runner.runs { _ = ledger.settle(run.assignment, before: run.end) }
        if world.bug != .settledEndsNoDrain { finishDrain() }
        signals.progress.signal()
    }

    /// Ends a revoke's wait, where nobody works on its records any more.
    func finishDrain() {
        guard let ids = consumer.draining else { return }
        let isFutile =
            (isGivenUp && world.bug != .revokeHoldsUpRewind) || (hasFailed && world.bug != .failureEndsNoDrain)
        if isFutile || ledger.awaitedCount(in: ids) == 0 { consumer.isDrained = true }
    }

    /// A transaction is begun: results may go out.
    func open() {
        outbox.open()
        change {}
        if world.bug != .openedWakesNobody { signals.progress.signal() }
    }

    /// From now on the transaction ends as soon as it has results.
    func hurry(_ isHurried: Bool) {
        self.isHurried = isHurried
        signals.transactionChanged.signal()
    }

    /// Ends assignments for the outbox.
    func endOutbox(_ ids: [UInt32]) {
        letGo(outbox.end(ids))
        if outbox.isDoomed { signals.transactionChanged.signal() }
    }

    /// Results that were held back have gone out, or are given up.
    private func letGo(_ bytes: Int) {
        guard bytes > 0 else { return }
        resolver.release(bytes)
        if !resolver.isFull, world.bug != .freedBytesWakeNobody { signals.inputWaits.signal() }
    }
}
