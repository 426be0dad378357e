@testable import IntegrationBridge

/// The transaction runner.
extension ModelBridge {
    private typealias Fault = TransactionMachine.Fault

    func stepRunner() {
        guard !runner.isOver, world.now >= stalledUntil else { return }
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
        let fault = world.strikes(oneIn: 8) ? faults.randomElement(using: &world.random) : nil
        if let fault, world.draw(2) == 0 {
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
            case .invalidState: fail(.newProducer)
            }
            return false
        }
        if let fault { fail(fault) }
        return fault == nil
    }

    // MARK: Steps

    private func initialize() {
        let isDone = attempt([.callAgain, .newProducer]) { producer.epoch = world.broker.initialize(id) }
        if isDone { succeed() }
    }

    private func begin() {
        if case .done = runner.part {
            runner.runs = []
            runner.firstAt = nil
            outbox.open()
            letOut()
            roomCount += 1
            return succeed()
        }
        guard attempt([.newProducer], {}) else { return }
        producer.isInTransaction = true
        producer.isRegistered = false
        producer.hasLost = false
        runner.part = .done
    }

    private func collect() {
        if case .closed(let isDoomed) = runner.part { return close(isDoomed) }
        guard isDue else { return }
        runner.firstAt = outbox.firstAt
        runner.runs = outbox.close()
        runner.part = .closed(isDoomed: outbox.isDoomed)
    }

    private var isDue: Bool {
        if outbox.isDoomed { return true }
        guard outbox.recordCount > 0, let first = outbox.firstAt else { return false }
        return isHurried || first + ModelRunner.interval <= world.now
    }

    private func close(_ isDoomed: Bool) {
        runner.part = .first
        runner.offsets = []
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
            let isCurrent = consumer.epoch == runner.epoch || world.bug == .generationNotChecked
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
            try world.broker.sendOffsets(
                offsets, id: id, epoch: producer.epoch, member: member, generation: generation, now: world.now)
            producer.isRegistered = true
        }
        if isDone { succeed() }
    }

    private func commitTransaction() {
        if case .done = runner.part {
            if world.bug != .notSettled {
                for run in runner.runs { _ = ledger.settle(run.assignment, before: run.end) }
            }
            return succeed()
        }
        guard producer.queue.isEmpty || producer.isFenced else { return }
        if producer.hasLost, !producer.isFenced { return fail(.abort) }
        guard end(.committed, faults: [.callAgain, .abort, .newProducer]) else { return }
        runner.part = .done
    }

    private func abort() {
        producer.purge()
        guard end(.aborted, faults: [.callAgain, .newProducer]) else { return }
        if world.bug == .abortTakenForCommit {
            for run in runner.runs { _ = ledger.settle(run.assignment, before: run.end) }
        }
        succeed()
    }

    private func end(_ fate: ModelBroker.Fate, faults: [Fault.Recovery]) -> Bool {
        let isDone = attempt(faults) { () throws(ModelBroker.Refusal) in
            guard producer.isRegistered else { return }
            try world.broker.endTransaction(id, epoch: producer.epoch, fate)
        }
        guard isDone else { return false }
        producer.isInTransaction = false
        // When the call returns, every record was reported.
        acknowledge()
        return true
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
        if world.strikes(oneIn: 8) { return fail(.callAgain) }
        let reports = producer.reports
        producer = ModelProducer(id: id)
        if world.draw(2) == 0 { producer.reports = reports }
        succeed()
    }

    /// Aborts what is open when the bridge stops.
    func endOpenTransaction() {
        guard !runner.isOver else { return }
        runner.isOver = true
        guard [.collect, .sendOffsets, .abort].contains(runner.machine.step) else { return }
        _ = outbox.close()
        producer.purge()
        guard producer.isRegistered, !producer.isFenced else { return }
        try? world.broker.endTransaction(id, epoch: producer.epoch, .aborted)
    }
}
