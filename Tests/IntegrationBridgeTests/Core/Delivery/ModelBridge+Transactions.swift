@testable import IntegrationBridge

/// The transaction runner.
extension ModelBridge {
    private typealias Fault = TransactionMachine.Fault

    func stepRunner() {
        guard !runner.isOver, !runner.isCancelled, world.now >= stalledUntil else { return }
        stall()
        switch runner.machine.step {
        case .initialize: initialize()
        case .begin: begin()
        case .collect: collect()
        case .sendOffsets: sendOffsets()
        case .commit: commitTransaction()
        case .abort: abort()
        case .rewind: rewind()
        case .replaceProducer: replaceProducer()
        case .fail: break
        }
        if isGivenUp { finishDrain() }
    }

    /// The transaction will not be committed, and none is begun before the partitions are read again.
    var isGivenUp: Bool {
        usesTransactions && runner.machine.isGivenUp
    }

    private func succeed() {
        runner.part = .first
        runner.machine.succeeded()
    }

    private func fail(_ recovery: Fault.Recovery, isFenced: Bool = false) {
        runner.part = .first
        let isTold = isFenced && world.bug != .fencedTakesBack
        let next = runner.machine.failed(
            Fault(recovery: recovery, isFenced: isTold), openedAt: runner.firstAt, now: world.now)
        if next == .fail {
            runner.isOver = true
            fail()
        }
    }

    /// Fails before or after the step takes effect, now and then.
    ///
    /// - Returns: whether the step succeeded.
    private func attempt(_ faults: [Fault.Recovery], _ effect: () throws(ModelBroker.Refusal) -> Void) -> Bool {
        let fault = world.strikes(.failedStep) ? faults.randomElement(using: &world.random) : nil
        // An abort is asked for where nothing has come into effect.
        if let fault, fault == .abort || world.draw(2) == 0 {
            fail(fault)
            return false
        }
        if producer.isFenced {
            fail(.newProducer, isFenced: true)
            return false
        }
        do throws(ModelBroker.Refusal) {
            try effect()
        } catch {
            switch error {
            case .fenced:
                producer.isFenced = true
                fail(.newProducer, isFenced: true)
            case .staleMember: fail(.abort)
            case .concurrent: break
            case .invalidState: fail(.newProducer)
            }
            return false
        }
        if let fault { fail(fault) }
        return fault == nil
    }

    // MARK: Steps

    private func initialize() {
        let isDone = attempt([.callAgain, .newProducer]) { () throws(ModelBroker.Refusal) in
            producer.epoch = try world.broker.initialize(id, now: world.now)
        }
        if isDone { succeed() }
    }

    private func begin() {
        if case .done = runner.part {
            runner.runs = []
            runner.firstAt = nil
            open()
            return succeed()
        }
        guard attempt([.newProducer], {}) else { return }
        producer.begin()
        runner.part = .done
    }

    private func collect() {
        if case .closed(let isDoomed) = runner.part { return close(isDoomed) }
        if signals.transactionChanged.holds(.runner) {
            guard let due = runner.due, due <= world.now else { return }
            signals.transactionChanged.cancel(.runner)
        }
        runner.due = dueTime
        guard let due = runner.due, due <= world.now else { return signals.transactionChanged.wait(.runner) }
        runner.firstAt = outbox.firstAt
        runner.runs = outbox.close()
        runner.part = .closed(isDoomed: outbox.isDoomed)
    }

    /// When the open transaction is to be ended.
    private var dueTime: MonotonicInstant? {
        if outbox.isDoomed { return world.now }
        guard outbox.recordCount > 0, let first = outbox.firstAt else { return nil }
        return isHurried || outbox.recordCount >= ModelRunner.mostRecords ? first : first + ModelRunner.interval
    }

    private func close(_ isDoomed: Bool) {
        runner.part = .first
        runner.offsets = []
        runner.epoch = 0
        var isOver = isDoomed
        for run in runner.runs {
            guard let context = contexts[run.assignment],
                let offset = ledger.nextOffset(of: run.assignment, before: run.end)
            else {
                isOver = true
                continue
            }
            runner.epoch = context.epoch
            let position = consumer.positions[context.partition] ?? offset
            runner.offsets.append((context.partition, world.bug == .positionInTransaction ? position : offset))
        }
        runner.machine.close(isDoomed: isOver && world.bug != .doomedCommitted)
    }

    private func sendOffsets() {
        if case .first = runner.part {
            let isUnchecked = world.bug == .generationNotChecked || world.bug == .doomedCommitted
            let isCurrent = consumer.epoch == runner.epoch || isUnchecked
            guard consumer.acceptsCommits, isCurrent, let member = consumer.member else {
                // As it is for a member that has left.
                return fail(.abort)
            }
            runner.part = .member(member, generation: consumer.generation)
            return
        }
        guard case .member(let member, let generation) = runner.part else { return }
        // What is queued is sent first.
        guard producer.queue.isEmpty || producer.isFenced else { return }
        if producer.hasLost, !producer.isFenced { return fail(.abort) }
        let offsets = world.bug == .offsetsNotSent ? [] : runner.offsets
        let isDone = attempt([.callAgain, .abort, .newProducer]) { () throws(ModelBroker.Refusal) in
            try producer.register(world)
            try world.broker.sendOffsets(
                offsets, id: id, epoch: producer.epoch, member: member, generation: generation, now: world.now)
        }
        if isDone { succeed() }
    }

    private func commitTransaction() {
        if case .done = runner.part {
            if world.bug != .notSettled { settle() }
            return succeed()
        }
        guard producer.queue.isEmpty || producer.isFenced else { return }
        if producer.hasLost, !producer.isFenced { return fail(.abort) }
        guard end(.committed, faults: [.callAgain, .abort, .newProducer]) else { return }
        runner.part = .done
    }

    private func abort() {
        guard isFlushed else { return }
        producer.purge()
        guard end(.aborted, faults: [.callAgain, .newProducer]) else { return }
        if world.bug == .abortTakenForCommit { settle() }
        succeed()
    }

    /// Whether an abort may be asked for: what is queued has its place in the transaction by now. In the model that takes
    /// less time than a flush is given.
    private var isFlushed: Bool { producer.queue.isEmpty || producer.isFenced || world.bug == .abortedWithoutFlush }

    private func end(_ fate: ModelBroker.Fate, faults: [Fault.Recovery]) -> Bool {
        let isDone = attempt(faults) { () throws(ModelBroker.Refusal) in try endAtBrokers(fate) }
        guard isDone else { return false }
        producer.end()
        // When the call returns, every record was reported.
        acknowledge()
        return true
    }

    private func endAtBrokers(_ fate: ModelBroker.Fate) throws(ModelBroker.Refusal) {
        guard producer.hasAsked else { return }
        do throws(ModelBroker.Refusal) {
            try world.broker.endTransaction(id, epoch: producer.epoch, fate, now: world.now)
        } catch {
            if error == .invalidState, !producer.isRegistered {
                world.broker.report("a producer is finished: its abort overtakes the transaction's registration")
            }
            throw error
        }
    }

    private func rewind() {
        if world.bug == .notRewound || world.bug == .abortTakenForCommit { return succeed() }
        guard let deadline = runner.rewindDeadline else {
            // Without an assignment there is nothing to rewind: the next one starts at the committed offsets.
            if consumer.isClosed || consumer.assignments.isEmpty && consumer.todo.isEmpty { return succeed() }
            consumer.isRewindRequested = true
            runner.rewindDeadline = world.now + .seconds(30)
            return
        }
        if !consumer.isRewindRequested || consumer.isClosed {
            runner.rewindDeadline = nil
            succeed()
        } else if world.now > deadline {
            runner.rewindDeadline = nil
            fail(.callAgain)
        }
    }

    private func replaceProducer() {
        while !producer.queue.isEmpty, world.draw(3) > 0 { producer.flush(world) }
        producer.purge()
        if world.strikes(.failedReplacement) { return fail(.callAgain) }
        let reports = producer.reports
        producer = ModelProducer(id: id)
        if world.draw(2) == 0 { producer.reports = reports }
        succeed()
    }

    /// Aborts what is open when the bridge stops.
    ///
    /// - Returns: whether that is done.
    func hasEndedTransaction() -> Bool {
        if runner.isOver { return true }
        runner.isCancelled = true
        guard [.collect, .sendOffsets, .abort].contains(runner.machine.step) else {
            runner.isOver = true
            return true
        }
        _ = outbox.close()
        guard isFlushed else { return false }
        producer.purge()
        runner.isOver = true
        if !producer.isFenced { try? endAtBrokers(.aborted) }
        return true
    }
}
