internal import NotificationsAPI
internal import RDKafka
internal import Synchronization

/// Runs a ``ResolverMachine``: the one place that locks it, tells it the time, makes its calls and wakes who waits.
///
/// Calls are made by long-lived workers, as many as may run at once: a worker that finishes a call takes the next one
/// without a task, a hop or an allocation in between.
final class Resolver: Sendable {
    typealias Machine = ResolverMachine<HeldRequest, ResolvedDocument, FailedLookup>

    private let machine: Mutex<Machine>
    private let client: Client
    private let rules: AnswerRules
    private let log: EventLog
    private let trouble = Mutex(TroubleLog())
    private let counters: BridgeCounters

    private let giveBack: @Sendable ([RecordToken]) -> Void

    private let idleWorkers = AsyncCondition()
    private let inputWaits = AsyncCondition()
    private let timerWaits = AsyncCondition()

    /// - Parameter giveBack: takes records that are not worked on any more.
    init(
        limits: ResolverLimits, seed: UInt64, client: Client, rules: AnswerRules, counters: BridgeCounters,
        log: EventLog, giveBack: @escaping @Sendable ([RecordToken]) -> Void
    ) {
        self.giveBack = giveBack
        machine = Mutex(Machine(limits: limits, seed: seed, now: .now))
        self.client = client
        self.rules = rules
        self.counters = counters
        self.log = log
    }

    // MARK: Records come in

    /// Answers a batch from the cache, and lets the rest wait for their flights.
    func resolve(_ batch: inout BatchWork) {
        let now = ContinuousClock.now
        let ready = machine.withLock { machine in
            for index in batch.requests.indices {
                guard let request = batch.requests[index].request, let id = request.id else { continue }
                let hash = machine.hash(of: id)
                if let document = machine.cached(id, hash: hash, now: now) {
                    batch.requests[index].answer = .resolved(document)
                } else {
                    machine.enqueue(HeldRequest(request), id: id, hash: hash)
                    batch.requests[index].request = nil
                }
            }
            return machine.readyCount
        }
        idleWorkers.signal(ready)
    }

    /// Waits while as many flights are ready as calls may run, or while the memory for records is used up.
    func waitForRoom() async {
        while !Task.isCancelled, machine.withLock({ $0.isFull }) {
            await inputWaits.wait { self.machine.withLock { !$0.isFull } }
        }
    }

    /// Takes back the records of these assignments that no call was made for; what waits for another attempt gets it now.
    func giveBackWaiting(_ assignments: Set<UInt32>) -> [RecordToken] {
        let (waiters, ready) = machine.withLock { ($0.giveBackWaiting(assignments, now: .now), $0.readyCount) }
        inputWaits.signal()
        idleWorkers.signal(ready)
        return waiters.map(\.token)
    }

    /// Takes back all records of these assignments.
    func abandon(_ assignments: Set<UInt32>) -> [RecordToken] {
        let abandoned = machine.withLock { $0.abandon(assignments) }
        inputWaits.signal()
        return abandoned.map(\.token)
    }

    /// From now on calls under way end, and a failed one is not tried again.
    ///
    /// - Returns: the records that no call was made for.
    func beginDraining() -> [RecordToken] {
        let (waiters, ready) = machine.withLock { ($0.beginDraining(now: .now), $0.readyCount) }
        idleWorkers.signal(ready)
        return waiters.map(\.token)
    }

    // MARK: Calls

    /// Makes calls, one after the other, until one ends its flight; `nil` when the task is cancelled.
    ///
    /// The caller hands the result to the requests that waited, and then calls ``release(_:)``.
    func nextLandedFlight() async -> LandedFlight? {
        while !Task.isCancelled {
            let (next, hasRoom) = machine.withLock { machine in
                let wasFull = machine.isFull
                let next = machine.nextCall(now: .now)
                return (next, wasFull && !machine.isFull)
            }
            if hasRoom { inputWaits.signal() }
            guard let call = next else {
                await idleWorkers.wait { self.machine.withLock { $0.hasCall(now: .now) } }
                continue
            }
            let answer: LookupAnswer
            do {
                answer = try await client.lookup(id: String(decoding: call.id, as: UTF8.self))
            } catch {
                // Cancelled, so the bridge ends: the records stay uncommitted and will be read again.
                return nil
            }
            counters.countCall(status: answer.status)
            if let flight = finish(call, answer) { return flight }
        }
        return nil
    }

    private func finish(_ call: Machine.Call, _ answer: LookupAnswer) -> LandedFlight? {
        let verdict = call.id.withUnsafeBytes { rules.verdict(on: answer, id: $0) }
        if case .resolved(let document, _) = verdict, document.replacedLookup {
            log(
                .warning, "A document's own member 'lookup' gave way to the bridge's",
                [("request_id", answer.requestID ?? "")])
        }
        let now = ContinuousClock.now
        report(verdict, answer, now)
        let (completion, due) = machine.withLock { ($0.complete(call, verdict, now: now), $0.nextDue) }
        if due != nil { timerWaits.signal() }
        log(
            .trace, "The API answered",
            [("status", answer.status.map { "\($0)" } ?? ""), ("request_id", answer.requestID ?? "")])
        switch completion {
        case .landed(.resolved(let document), let waiters, let attempts):
            return LandedFlight(id: call.id, result: .resolved(document), waiters: waiters, attempts: attempts)
        case .landed(.failed(let failure), let waiters, let attempts):
            return LandedFlight(id: call.id, result: .failed(failure), waiters: waiters, attempts: attempts)
        case .tryingAgain:
            return nil
        case .givenUp(let waiters):
            giveBack(waiters.map(\.token))
            return nil
        case .doorClosed(let reason, let wait):
            reportDoor(reason, wait, answer)
            return nil
        }
    }

    /// The requests of a landed flight have their results: their memory is free for others.
    func release(_ flight: LandedFlight) {
        let room = machine.withLock { machine in
            machine.release(flight.waiters.reduce(0) { $0 + $1.heldBytes })
            return !machine.isFull
        }
        if room { inputWaits.signal() }
    }

    /// An outage is told when it begins, once in a while, and when it is over; each failed call at debug.
    private func report(
        _ verdict: CallVerdict<ResolvedDocument, FailedLookup>, _ answer: LookupAnswer, _ now: ContinuousClock.Instant
    ) {
        switch verdict {
        case .retry(let failure):
            let metadata = [
                ("reason", failure.reason.rawValue), ("error", failure.summary), ("request_id", answer.requestID ?? ""),
            ]
            log(.debug, "A call failed", metadata)
            if case .failing(let calls) = trouble.withLock({ $0.failed(now: now) }) {
                log(
                    .warning, "Calls to the API fail; requests become failures where attempts or time are used up",
                    [("calls", "\(calls)")] + metadata)
            }
        case .resolved, .failed:
            if case .over(let calls) = trouble.withLock({ $0.succeeded(now: now) }) {
                log(.info, "The API answers again", [("failed_calls", "\(calls)")])
            }
        case .turnedAway: break
        }
    }

    private func reportDoor(_ reason: Door.Reason, _ wait: Duration, _ answer: LookupAnswer) {
        let metadata = [
            ("seconds", "\(Int((wait / .seconds(1)).rounded(.up)))"), ("request_id", answer.requestID ?? ""),
        ]
        switch reason {
        case .rateLimited: log(.info, "The API's rate limit is reached; calls wait", metadata)
        case .unauthorized:
            log(.error, "The API refused the credentials; calls wait, records are kept", metadata)
        }
    }

    // MARK: Time

    /// Makes ready what is due, until the task is cancelled.
    func runTimer() async {
        while !Task.isCancelled {
            let now = ContinuousClock.now
            let (due, ready) = machine.withLock { machine in
                machine.tick(now: now)
                return (machine.nextDue, machine.readyCount)
            }
            idleWorkers.signal(ready)
            guard let due else {
                await timerWaits.wait { self.machine.withLock { $0.nextDue != nil } }
                continue
            }
            _ = await isDone(by: due) {
                await self.timerWaits.wait { self.machine.withLock { ($0.nextDue ?? due) < due } }
            }
        }
    }

    // MARK: Counts

    var status: ResolverStatus {
        machine.withLock {
            ResolverStatus(
                flights: $0.flightCount, calls: $0.callCount, heldBytes: $0.heldBytes, cacheEntries: $0.cache.count,
                cacheBytes: $0.cache.byteCount, door: $0.door.reason)
        }
    }
}
