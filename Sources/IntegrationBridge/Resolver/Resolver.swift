internal import NotificationsAPI
internal import RDKafka
internal import Synchronization

/// Runs a ``ResolverMachine``: the one place that locks it, tells it the time, makes its calls and wakes who waits.
///
/// Calls are made by long-lived workers, as many as may run at once: a worker that finishes a call takes the next one
/// without a task, a hop or an allocation in between.
final class Resolver: Sendable {
    typealias Machine = ResolverMachine<HeldRequest, ResolvedDocument, FailedLookup>

    private struct Shared {
        var machine: Machine
        /// When the timer will look again; `nil` while it waits to be woken.
        var timerDue: MonotonicInstant?

        /// Whether the timer must be woken for something earlier.
        mutating func isTimerLate(_ now: MonotonicInstant) -> Bool {
            guard let due = machine.nextDue(now: now) else { return false }
            return timerDue.map { due < $0 } ?? true
        }
    }

    private let shared: Mutex<Shared>
    private let client: Client
    private let credentials: CredentialStore
    private let rules: AnswerRules
    private let reporter: ResolverReporter
    private let counters: BridgeCounters
    private let giveBack: @Sendable ([RecordToken]) -> Void

    private let idleWorkers = AsyncCondition()
    private let inputWaits = AsyncCondition()
    private let timerWaits = AsyncCondition()

    /// - Parameter giveBack: takes records that are not worked on any more.
    init(
        limits: ResolverLimits, seed: UInt64, client: Client, credentials: CredentialStore, rules: AnswerRules,
        counters: BridgeCounters, log: EventLog, giveBack: @escaping @Sendable ([RecordToken]) -> Void
    ) {
        self.giveBack = giveBack
        shared = Mutex(Shared(machine: Machine(limits: limits, seed: seed, now: .now)))
        self.client = client
        self.credentials = credentials
        self.rules = rules
        self.counters = counters
        reporter = ResolverReporter(log: log)
        credentials.onChange { [weak self] in self?.credentialsChanged() }
        credentialsChanged()
    }

    // MARK: Records come in

    /// Answers a batch from the cache, and lets the rest wait for their flights.
    func resolve(_ batch: inout BatchWork) {
        let now = MonotonicInstant.now
        let ready = shared.withLock { shared in
            for index in batch.requests.indices {
                guard let request = batch.requests[index].request, let id = request.id else { continue }
                let hash = shared.machine.hash(of: id)
                if let answer = shared.machine.admit(id, hash: hash, now: now, waiter: { HeldRequest(request) }) {
                    batch.requests[index].answer = LookupResult(answer.outcome)
                    batch.requests[index].isStale = answer.isStale
                } else {
                    batch.requests[index].request = nil
                }
            }
            return shared.machine.readyCount + shared.machine.refreshes.count
        }
        idleWorkers.signal(ready)
    }

    /// Waits while as many flights are ready as calls may run, or while the memory for records is used up.
    func waitForRoom() async {
        while !Task.isCancelled, isFull {
            await inputWaits.wait { !self.isFull }
        }
    }

    private var isFull: Bool { shared.withLock { $0.machine.isFull } }

    /// Takes back the records of these assignments that no call was made for; what waits for another attempt gets it now.
    func giveBackWaiting(_ assignments: Set<UInt32>) -> [RecordToken] {
        let (waiters, ready) = shared.withLock {
            ($0.machine.giveBackWaiting(assignments, now: .now), $0.machine.readyCount)
        }
        inputWaits.signal()
        idleWorkers.signal(ready)
        return waiters.map(\.token)
    }

    /// Takes back all records of these assignments.
    func abandon(_ assignments: Set<UInt32>) -> [RecordToken] {
        let abandoned = shared.withLock { $0.machine.abandon(assignments) }
        inputWaits.signal()
        return abandoned.map(\.token)
    }

    /// From now on calls under way end, and a failed one is not tried again.
    ///
    /// - Returns: the records that no call was made for.
    func beginDraining() -> [RecordToken] {
        let (waiters, ready) = shared.withLock {
            ($0.machine.beginDraining(now: .now), $0.machine.readyCount)
        }
        idleWorkers.signal(ready)
        return waiters.map(\.token)
    }

    // MARK: Calls

    /// Makes calls, one after the other, until one ends its flight; `nil` when the task is cancelled.
    ///
    /// The caller hands the result to the requests that waited, and then calls ``release(_:)``.
    func nextLandedFlight() async -> LandedFlight? {
        while !Task.isCancelled {
            switch nextWork() {
            case .landed(let landing):
                return LandedFlight(landing)
            case .call(let call):
                let generation = credentials.current?.generation ?? 0
                let answer: LookupAnswer
                do {
                    answer = try await client.lookup(id: call.id)
                } catch {
                    // Cancelled, so the bridge ends: the records stay uncommitted and will be read again.
                    return nil
                }
                counters.countCall(status: answer.status)
                if let flight = await finish(call, answer, generation) { return flight }
            case nil:
                await idleWorkers.wait { self.shared.withLock { $0.machine.hasWork(now: .now) } }
            }
        }
        return nil
    }

    private func nextWork() -> Machine.Work? {
        let now = MonotonicInstant.now
        let (work, hasRoom, hasMore, isTimerLate) = shared.withLock { shared in
            let wasFull = shared.machine.isFull
            let work = shared.machine.nextWork(now: now)
            // One worker wakes the next: the pace may permit several calls at once, or one at a time.
            let hasMore = work != nil && shared.machine.hasWork(now: now)
            return (work, wasFull && !shared.machine.isFull, hasMore, !hasMore && shared.isTimerLate(now))
        }
        if hasRoom { inputWaits.signal() }
        if hasMore { idleWorkers.signal(1) }
        if isTimerLate { timerWaits.signal() }
        return work
    }

    private func finish(_ call: Machine.Call, _ answer: LookupAnswer, _ generation: UInt64) async -> LandedFlight? {
        var verdict = call.id.withUnsafeBytes { rules.verdict(on: answer, id: $0) }
        switch verdict {
        case .unauthorized(let failure):
            // Others may be at hand by now: a new token, a secret file that changed.
            if await credentials.refused(generation: generation) {
                verdict = .callAgain
            } else if rules.failsWhenUnauthorized {
                verdict = .failed(failure, bytes: nil)
            }
        case .resolved(let document, _):
            credentials.accepted(generation: generation)
            if document.replacedLookup { reporter.reportReplacedMember(answer) }
        case .failed, .retry, .rateLimited, .callAgain: break
        }
        let now = MonotonicInstant.now
        let (completion, events, isTimerLate) = shared.withLock { shared in
            let (completion, events) = shared.machine.complete(
                call, CallAnswer(verdict, budget: answer.rateLimit.map(BudgetReport.init)), now: now)
            return (completion, events, shared.isTimerLate(now))
        }
        if isTimerLate { timerWaits.signal() }
        reporter.report(verdict, answer, now)
        for event in events { reporter.report(event, answer, now) }
        switch completion {
        case .landed(let landing): return LandedFlight(landing)
        case .tryingAgain: return nil
        case .givenUp(let waiters):
            giveBack(waiters.map(\.token))
            return nil
        }
    }

    /// The requests of a landed flight have their results: their memory is free for others.
    func release(_ bytes: Int) {
        guard bytes != 0 else { return }
        let room = shared.withLock { shared in
            shared.machine.release(bytes)
            return !shared.machine.isFull
        }
        if room { inputWaits.signal() }
    }

    /// Requests are held back with their results, or are let out (below zero).
    func hold(_ bytes: Int) {
        release(-bytes)
    }

    private func credentialsChanged() {
        // Who wants failures gets them from the API, which refuses a call without credentials.
        let areThere = credentials.current != nil || rules.failsWhenUnauthorized
        shared.withLock { $0.machine.doors.credentialsChanged(areThere: areThere, now: .now) }
        idleWorkers.signal(1)
    }

    // MARK: Time

    /// Makes ready what is due, until the task is cancelled.
    func runTimer() async {
        while !Task.isCancelled {
            let (due, hasWork) = shared.withLock { shared in
                let now = MonotonicInstant.now
                shared.machine.tick(now: now)
                shared.timerDue = shared.machine.nextDue(now: now)
                return (shared.timerDue, shared.machine.hasWork(now: now))
            }
            // The worker that takes it wakes the next one.
            if hasWork { idleWorkers.signal(1) }
            guard let due else {
                await timerWaits.wait { self.shared.withLock { $0.machine.nextDue(now: .now) != nil } }
                continue
            }
            _ = await isDone(by: due) {
                await self.timerWaits.wait { self.shared.withLock { ($0.machine.nextDue(now: .now) ?? due) < due } }
            }
        }
    }

    // MARK: Counts

    /// What a record waits for here; `nil` where it waits for nothing here.
    func state(of token: RecordToken) -> String? {
        shared.withLock { shared in
            let flight = shared.machine.flights.lazy.compactMap { $0 }.first { flight in
                flight.waiters.contains { $0.token == token }
            }
            return flight.map { "\($0.state) after \($0.attempts) attempts" }
        }
    }

    /// Whether calls wait for a door, or for their turn in the quota.
    var isHeldUp: Bool {
        shared.withLock { $0.machine.isHeldUp(now: .now) }
    }

    var status: ResolverStatus {
        let now = MonotonicInstant.now
        return shared.withLock { shared in
            let machine = shared.machine
            let budget = machine.doors.admission.budget
            return ResolverStatus(
                flights: machine.flightCount, calls: machine.callCount, heldBytes: machine.heldBytes,
                cacheEntries: machine.cache.count, cacheBytes: machine.cache.byteCount,
                closed: machine.doors.closed(at: now), isBreakerOpen: !machine.doors.breaker.isClosed,
                areCredentialsAccepted: machine.doors.credentials.isOpen,
                isGateClosed: machine.doors.admission.isGateClosed(at: now),
                rateLimit: (budget.limit, budget.remaining))
        }
    }
}

extension LandedFlight {
    fileprivate init(_ landing: Resolver.Machine.Landing) {
        self.init(
            id: landing.id, result: LookupResult(landing.outcome), waiters: landing.waiters,
            attempts: landing.attempts, isStale: landing.isStale)
    }
}

extension LookupResult {
    fileprivate init(_ outcome: FlightOutcome<ResolvedDocument, FailedLookup>) {
        switch outcome {
        case .resolved(let document): self = .resolved(document)
        case .failed(let failure): self = .failed(failure)
        }
    }
}

extension BudgetReport {
    fileprivate init(_ limit: RateLimit) {
        self.init(limit: limit.limit, remaining: limit.remaining, reset: limit.reset)
    }
}
