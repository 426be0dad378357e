@testable import IntegrationBridge

/// One run of a bridge: the real ledger, outbox, resolver and transaction machine, put together as the classes do it.
///
/// Each thread is a function that takes one step, which is as much as the class does under one lock.
final class ModelBridge {
    typealias Machine = ResolverMachine<ModelWaiter, String, String>

    struct Result {
        var waiter: ModelWaiter
        var topic: Int
    }

    struct Context {
        var partition: Int
        var epoch: Int
        var startOffset: Int64
    }

    let world: DeliveryWorld
    let id: Int
    var ledger = OffsetLedger()
    var contexts: [UInt32: Context] = [:]
    var outbox: OrderedOutbox<Result>
    var resolver: Machine
    var producer: ModelProducer
    /// Counts what makes room for results.
    var roomCount = 0
    var isHurried = false
    /// Something failed for good.
    var hasFailed = false
    var isOver = false
    /// Another instance was started with the same transactional id.
    var isReplaced = false
    /// Up to which record each assignment has produced, to check the order.
    private var producedNext: [UInt32: UInt64] = [:]

    var intake = ModelIntake()
    var consumer = ModelConsumer()
    var runner: ModelRunner
    var commits: [(commit: OffsetLedger.Commit, partition: Int, epoch: Int)] = []
    var stop = ModelStop.running
    var stopDeadline: MonotonicInstant
    var stalledUntil: MonotonicInstant

    init(world: DeliveryWorld, id: Int) {
        self.world = world
        self.id = id
        outbox = OrderedOutbox(usesTransactions: world.mode == .exactlyOnce)
        resolver = Machine(
            limits: MachineSupport.limits(
                maxAttempts: 2, retryFor: .seconds(20), cache: world.draw(2) == 0 ? 0 : 3000, heldBytes: 100),
            seed: world.random.next(), now: world.now)
        resolver.doors.credentialsChanged(areThere: true, now: world.now)
        producer = ModelProducer(id: id)
        runner = ModelRunner(timeout: world.broker.transactionTimeout)
        stopDeadline = world.now
        stalledUntil = world.now
        if world.mode == .exactlyOnce { producer.epoch = world.broker.initialize(id) }
    }

    var isOrdered: Bool { world.mode != .unordered }
    var usesTransactions: Bool { world.mode == .exactlyOnce }

    func step() {
        if let member = consumer.member { world.broker.group.beat(member, now: world.now) }
        switch world.draw(12) {
        case 0...2: stepConsumer()
        case 3, 4: stepPipeline()
        case 5, 6: stepWorkers()
        case 7: producer.flush(world)
        case 8: acknowledge()
        case 9, 10: if usesTransactions { stepRunner() } else { stepCommits() }
        default:
            resolver.tick(now: world.now)
            stepStop()
        }
    }

    // MARK: Delivery

    enum Outcome {
        case taken(heldBytes: Int)
        case full
        case dropped
    }

    /// A result whose request is still in its batch.
    func sendFromBatch(_ result: Result) -> Outcome {
        guard isOrdered else { return produce(result) ? .taken(heldBytes: 0) : .full }
        defer { letOut() }
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

    /// A result whose request has waited for it.
    func sendHeld(_ result: Result) -> Outcome {
        guard isOrdered else { return produce(result) ? .taken(heldBytes: 0) : .full }
        defer { letOut() }
        if outbox.turn(of: result.waiter.token) == .never { return .dropped }
        outbox.hold(result, bytes: result.waiter.heldBytes, token: result.waiter.token)
        return .taken(heldBytes: result.waiter.heldBytes)
    }

    func letOut() {
        var freed = 0
        while let (token, result) = outbox.nextHeld() {
            guard produce(result) else {
                outbox.putBack(token)
                break
            }
            freed += outbox.produced(token.assignment, now: world.now)
        }
        resolver.release(freed)
    }

    private func produce(_ result: Result) -> Bool {
        let token = result.waiter.token
        if usesTransactions, producer.isFenced || world.strikes(oneIn: 400) {
            outbox.doom()
            return false
        }
        // A full queue is followed by reports.
        let isFull = !producer.queue.isEmpty && world.strikes(oneIn: 20)
        guard producer.queue.count < ModelProducer.queueLimit, !isFull else { return false }
        if usesTransactions, !producer.isInTransaction {
            world.broker.report("\(result.waiter.input) is produced while no transaction is open")
        }
        if isOrdered, token.sequence != producedNext[token.assignment, default: 0] {
            world.broker.report("\(result.waiter.input) is produced out of its turn")
        }
        producedNext[token.assignment] = token.sequence + 1
        if !usesTransactions { world.broker.note(result.waiter.input, topic: result.topic) }
        producer.queue.append(.init(token: token, input: result.waiter.input, topic: result.topic))
        if world.bug == .finishedWhenProduced { ledger.finish(token) }
        return true
    }

    /// Takes the delivery reports in.
    func acknowledge() {
        let reports = producer.reports
        guard !reports.isEmpty else { return }
        producer.reports = []
        roomCount += 1
        for report in reports {
            if usesTransactions {
                if report.isRefused, outbox.isOpen, !outbox.isDoomed { outbox.doom() }
            } else if report.isRefused, world.bug != .refusalIgnored {
                hasFailed = true
            } else {
                ledger.finish(report.token)
            }
        }
        if isOrdered { letOut() }
    }

    /// Gives records up, and what waits for its turn behind them.
    func abandon(_ tokens: [RecordToken]) {
        var tokens = tokens
        if isOrdered, world.bug != .heldResultsNotGivenUp {
            for token in tokens {
                let dropped = outbox.giveUp(token)
                tokens += dropped.tokens
                resolver.release(dropped.bytes)
            }
        }
        for token in tokens { ledger.abandon(token) }
    }

    func fail() { hasFailed = true }

    // MARK: Commits

    /// Prepares a commit, or sends one; its thread may stand still in between.
    private func stepCommits() {
        if world.now < stalledUntil { return }
        guard commits.isEmpty else { return sendCommits() }
        guard world.draw(6) == 0 else { return }
        prepareCommits()
        stall()
    }

    /// The thread of commits and transactions gets no time, now and then.
    func stall() {
        if world.strikes(oneIn: 20) { stalledUntil = world.now + .milliseconds(world.draw(4000)) }
    }

    func prepareCommits() {
        commits = ledger.takeCommits().compactMap { commit in
            contexts[commit.assignment].map { (commit, $0.partition, $0.epoch) }
        }
        if world.bug == .positionCommitted {
            for index in commits.indices {
                commits[index].commit.offset = consumer.positions[commits[index].partition] ?? 0
            }
        }
    }

    func sendCommits() {
        let sent = commits
        commits = []
        let isOutdated = sent.contains { $0.epoch != consumer.epoch } && world.bug != .commitOutlivesAssignment
        let isStranger = sent.contains { consumer.positions[$0.partition] == nil }
        guard consumer.acceptsCommits, !isOutdated, !isStranger,
            commit(sent.map { ($0.partition, $0.commit.offset) })
        else { return ledger.commitFailed(sent.map(\.commit)) }
    }

    /// - Returns: whether the brokers said yes.
    func commit(_ offsets: [(partition: Int, offset: Int64)]) -> Bool {
        guard let member = consumer.member, !world.strikes(oneIn: 10) else { return false }
        do throws(ModelBroker.Refusal) {
            try world.broker.commit(offsets, member: member, generation: consumer.generation)
        } catch {
            return false
        }
        return !world.strikes(oneIn: 10)
    }
}
