@testable import IntegrationBridge

/// The consumer's thread.
extension ModelBridge {
    func stepConsumer() {
        if consumer.isClosed { return }
        guard let step = consumer.todo.first else { return look() }
        if take(step) { consumer.todo.removeFirst() }
    }

    private func look() {
        guard let member = consumer.member else {
            consumer.todo = consumer.isClosing ? [.leave] : [.join]
            return
        }
        let ids = consumer.assignments.values.sorted()
        if !world.broker.group.isMember(member) {
            // Somebody else has the partitions.
            consumer.acceptsCommits = false
            consumer.member = nil
            consumer.todo = end(ids, commits: false) + [.unassign]
        } else if consumer.isClosing || world.broker.group.mustRejoin(member) {
            consumer.todo =
                [
                    .beginRevoking(ids), .giveBackWaiting(ids), .hurry(true),
                    .drain(ids, until: world.now + world.drainTimeout), .hurry(false),
                ] + end(ids, commits: true) + [.unassign, consumer.isClosing ? .leave : .join]
        } else if consumer.isRewindRequested {
            consumer.acceptsCommits = false
            if world.bug == .rewoundWithoutNewID {
                consumer.todo = [.position(isRewind: true), .rewound]
            } else {
                consumer.todo = end(ids, commits: false) + [.position(isRewind: true)]
            }
        } else {
            read()
        }
    }

    private func end(_ ids: [UInt32], commits: Bool) -> [ModelConsumer.Step] {
        [.beginRevoking(ids), .abandon(ids), .endOutbox(ids), .endLedger(ids, commits: commits)]
    }

    private func read() {
        guard intake.mailbox.count < 3,
            let partition = consumer.assignments.keys.sorted().randomElement(using: &world.random),
            let assignment = consumer.assignments[partition], let position = consumer.positions[partition]
        else { return }
        let offsets = world.broker.inputs[partition].filter { $0 >= position }.prefix(1 + world.draw(4))
        guard let last = offsets.last else { return }
        consumer.positions[partition] = last + 1
        intake.mailbox.append(
            offsets.map { .init(assignment: assignment, input: ModelInput(partition: partition, offset: $0)) })
    }

    /// - Returns: whether the step is done.
    private func take(_ step: ModelConsumer.Step) -> Bool {
        switch step {
        case .beginRevoking(let ids): ledger.beginRevoking(ids)
        case .giveBackWaiting(let ids): abandon(giveBackWaiting(ids))
        case .hurry(let isHurried): hurry(isHurried)
        case .drain(let ids, let deadline): return isDrained(ids, by: deadline)
        case .abandon(let ids): abandon(takeBack(ids))
        case .endOutbox(let ids): endOutbox(ids)
        case .endLedger(let ids, let commits): endLedger(ids, commits)
        case .commit(let offsets):
            // No other commit comes after the last one.
            consumer.acceptsCommits = false
            _ = commit(offsets)
        case .unassign: unassign()
        case .join:
            if let member = consumer.member, world.broker.group.rejoin(member) {
            } else {
                consumer.member = world.broker.group.join(now: world.now)
            }
            consumer.todo.insert(.awaitAssignment, at: 1)
        case .awaitAssignment: return hasAssignment()
        case .position(let isRewind): return position(isRewind)
        case .assignOutbox(let ids): for id in ids { outbox.assign(id) }
        case .assignLedger(let assigned):
            for (id, context) in assigned {
                ledger.assign(id, startOffset: context.startOffset)
                contexts[id] = context
                consumer.assignments[context.partition] = id
            }
        case .rewound: consumer.isRewindRequested = false
        case .leave:
            if let member = consumer.member { world.broker.group.leave(member, now: world.now) }
            consumer.member = nil
            consumer.isClosed = true
        }
        return true
    }

    private func isDrained(_ ids: [UInt32], by deadline: MonotonicInstant) -> Bool {
        if consumer.draining == nil {
            if ledger.awaitedCount(in: ids) == 0 { return true }
            consumer.draining = ids
            consumer.isDrained = false
            finishDrain()
        }
        let isLate = world.now >= deadline || (stop != .running && world.now >= stopDeadline)
        guard consumer.isDrained || isLate else { return false }
        if !consumer.isDrained, !isAtWork(ids) {
            world.broker.report("a revoke waits for records that nobody works on", detail)
        }
        consumer.draining = nil
        return true
    }

    private func isAtWork(_ ids: [UInt32]) -> Bool {
        // A refused output never finishes, and records of an aborted transaction are read again by the thread that waits.
        if hasFailed || isGivenUp { return false }
        let isTransactionAtWork =
            usesTransactions && (runner.machine.step != .collect || outbox.recordCount > 0 || outbox.isDoomed)
        return ledger.awaitedCount(in: ids) != 0
            && (workers.contains(where: \.isAtWork) || intake.isAtWork || resolver.flightCount > 0
                || !producer.queue.isEmpty || !producer.reports.isEmpty || isTransactionAtWork)
    }

    private func endLedger(_ ids: [UInt32], _ commits: Bool) {
        var finished: [(partition: Int, offset: Int64)] = []
        for id in ids {
            guard let context = contexts[id], let watermark = ledger.watermark(of: id), watermark > context.startOffset
            else { continue }
            finished.append((context.partition, watermark))
        }
        for id in ids where ledger.awaitedCount(in: [id]) < 0 {
            world.broker.report("more records are given up than there are")
        }
        ledger.end(ids)
        for id in ids { contexts[id] = nil }
        // Who waits for these records waits for nothing.
        if world.bug != .endedWakesNobody {
            finishDrain()
            signals.progress.signal()
        }
        if commits, !usesTransactions, !finished.isEmpty { consumer.todo.insert(.commit(finished), at: 1) }
    }

    private func unassign() {
        consumer.acceptsCommits = false
        consumer.assignments = [:]
        consumer.positions = [:]
        if world.draw(2) == 0 { intake.mailbox = [] }
    }

    private func hasAssignment() -> Bool {
        guard let member = consumer.member, world.broker.group.isMember(member) else {
            consumer.member = nil
            consumer.todo = [.join]
            return false
        }
        if world.broker.group.mustRejoin(member) {
            _ = world.broker.group.rejoin(member)
            return false
        }
        guard !world.broker.group.isRebalancing else { return false }
        consumer.generation = world.broker.group.generation
        consumer.todo = [.awaitAssignment, .position(isRewind: false)]
        return true
    }

    /// Goes to the committed offsets, once no transaction is about to change them.
    private func position(_ isRewind: Bool) -> Bool {
        guard let member = consumer.member else { return true }
        if !world.broker.group.isMember(member) || world.broker.group.mustRejoin(member) {
            consumer.todo = [.unassign, .join]
            if !world.broker.group.isMember(member) { consumer.member = nil }
            if world.bug == .rewoundWithoutNewID {
                consumer.todo = end(consumer.assignments.values.sorted(), commits: false) + consumer.todo
            }
            return false
        }
        let partitions = world.broker.group.partitions(of: member)
        guard partitions.allSatisfy({ world.broker.stableOffset($0) != nil }) else { return false }
        for partition in partitions { consumer.positions[partition] = world.broker.stableOffset(partition) }
        consumer.acceptsCommits = true
        // What was read before is not handed over.
        if isRewind { intake.mailbox = [] }
        if isRewind, world.bug == .rewoundWithoutNewID { return true }
        consumer.epoch += 1
        var assigned: [UInt32: Context] = [:]
        for partition in partitions {
            let id = world.bug == .assignmentIDReused ? UInt32(partition + 1) : consumer.nextAssignment
            consumer.nextAssignment += 1
            assigned[id] = Context(
                partition: partition, epoch: consumer.epoch, startOffset: consumer.positions[partition] ?? 0)
        }
        consumer.todo = [.unassign, .assignOutbox(assigned.keys.sorted()), .assignLedger(assigned), .rewound]
        return true
    }
}
