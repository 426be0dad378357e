@testable import IntegrationBridge

/// One run of a bridge: the real ledger, outbox, resolver and transaction machine, put together as the classes do it.
///
/// Each thread and task is a function that takes one step, which is as much as the class does under one lock. Who waits
/// goes on when it is signalled, as with the classes; only the consumer's thread looks again by itself.
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
    var signals = ModelSignals()
    var isHurried = false
    /// Something failed for good.
    var hasFailed = false
    var isOver = false
    /// Another instance was started with the same transactional id.
    var isReplaced = false
    /// Its producer is the one of its transactional id.
    private var isReady: Bool
    /// Up to which record each assignment has produced, to check the order.
    var producedNext: [UInt32: UInt64] = [:]

    var intake = ModelIntake()
    var workers = [ModelWorker](repeating: .looking, count: 4)
    /// When the timer looks again; `nil` while it waits to be woken.
    var timerDue: MonotonicInstant?
    var consumer = ModelConsumer()
    var runner: ModelRunner
    var commits: [(commit: OffsetLedger.Commit, partition: Int, epoch: Int)] = []
    var stop = ModelStop.running
    var stopDeadline: MonotonicInstant
    /// Nothing more can be delivered.
    var skipsDrain = false
    var stalledUntil: MonotonicInstant
    /// The whole process gets no time until then.
    var frozenUntil: MonotonicInstant

    init(world: DeliveryWorld, id: Int) {
        self.world = world
        self.id = id
        isReady = world.mode != .exactlyOnce
        outbox = OrderedOutbox(usesTransactions: world.mode == .exactlyOnce)
        // No limit of the cache is met: what it takes is what the heap takes, which no seed decides.
        resolver = Machine(
            limits: MachineSupport.limits(
                maxInFlight: workers.count, maxAttempts: 2, retryFor: .seconds(20),
                cache: world.draw(2) == 0 ? 0 : 100_000, heldBytes: 100),
            seed: world.random.next(), now: world.now)
        resolver.doors.credentialsChanged(areThere: true, now: world.now)
        producer = ModelProducer(id: id)
        runner = ModelRunner(timeout: world.broker.transactionTimeout)
        stopDeadline = world.now
        stalledUntil = world.now
        frozenUntil = world.now
    }

    var isOrdered: Bool { world.mode != .unordered }
    var usesTransactions: Bool { world.mode == .exactlyOnce }

    func step() {
        guard isReady else { return start() }
        if let member = consumer.member { world.broker.group.beat(member, now: world.now) }
        switch world.draw(12) {
        case 0...2: stepConsumer()
        case 3, 4: stepPipeline()
        case 5, 6: stepWorkers()
        case 7: producer.flush(world)
        case 8: acknowledge()
        case 9, 10: if usesTransactions { stepRunner() } else { stepCommits() }
        default:
            stepTimer()
            stepStop()
        }
    }

    private func start() {
        if stop != .running {
            isOver = true
        } else if let epoch = try? world.broker.initialize(id, now: world.now) {
            producer.epoch = epoch
            isReady = true
        }
    }

    /// For what is found wrong with it.
    var detail: String {
        "bridge \(id): held \(resolver.heldBytes) and \(outbox.heldBytes), unfinished \(ledger.unfinishedCount), "
            + "consumer \(consumer.todo.first.map { "\($0)" } ?? "reading"), transaction \(runner.machine.step), "
            + "pipeline \(intake.stage), stop \(stop)"
    }

    /// The thread of commits and transactions gets no time, now and then.
    func stall() {
        if world.strikes(.stall) { stalledUntil = world.now + .milliseconds(world.draw(4000)) }
    }
}
