/// Calls go out, answers come back, time passes.
extension ResolverMachine {
    /// A call to make.
    struct Call: Sendable {
        var flight: FlightID
        var id: [UInt8]
        fileprivate var hash: UInt64
        fileprivate var ticket: Doors.Ticket
    }

    /// What a worker can do now.
    enum Work: Sendable {
        case call(Call)
        /// A door is closed, and the cache has an old answer.
        case landed(Landing)
    }

    // MARK: Calls go out

    /// What to do next; `nil` while nothing is ready, all calls are under way, or a door is closed.
    mutating func nextWork(now: MonotonicInstant) -> Work? {
        if let landing = nextOldAnswer(now) { return .landed(landing) }
        guard mayCall(now) else { return nil }
        guard let id = nextReady(now), let flight = flights[id.slot] else { return nil }
        callCount += 1
        if flight.attempts == 0 { retryBudget.firstCall() } else { retryBudget.repeatedCall() }
        flights[id.slot]?.state = .calling
        let ticket = doors.started(now: now)
        if flight.firstCall == nil { flights[id.slot]?.firstCall = doors.openTime(now) }
        return .call(Call(flight: id, id: flight.id, hash: flight.hash, ticket: ticket))
    }

    /// Whether ``nextWork(now:)`` would name something.
    mutating func hasWork(now: MonotonicInstant) -> Bool {
        (!withOldAnswer.isEmpty && doors.closed(at: now) != nil) || mayCall(now)
    }

    private mutating func mayCall(_ now: MonotonicInstant) -> Bool {
        guard callCount < limits.maxInFlight, hasReady(now) else { return false }
        if case .permitted = doors.decide(now: now) { return true }
        return false
    }

    /// Whether nothing is under way because a door is closed, or because the quota leaves no call for now.
    mutating func isHeldUp(now: MonotonicInstant) -> Bool {
        if doors.closed(at: now) != nil { return true }
        guard callCount == 0, hasReady(now), case .waitUntil = doors.decide(now: now) else { return false }
        return true
    }

    private mutating func hasReady(_ now: MonotonicInstant) -> Bool {
        live.count > 0 || refreshes.count > 0 || (retries.count > 0 && retryBudget.permits(now: now))
    }

    /// Repeated calls come first, as their records are older, but only every third call while others wait, so that ids that
    /// cannot be served do not stand in the way; refreshes come last. A half open breaker is probed with ids that have not
    /// failed, or even resolved before: those that failed may be the only ones that do.
    private mutating func nextReady(_ now: MonotonicInstant) -> FlightID? {
        if doors.breaker.isClosed {
            sinceRepeated += 1
            if sinceRepeated >= 3 || live.count == 0, let repeated = nextRepeated(now) {
                sinceRepeated = 0
                return repeated
            }
            return nextLive() ?? nextRefresh()
        }
        return nextLive() ?? nextRefresh() ?? knownGood() ?? nextRepeated(now)
    }

    private mutating func nextRepeated(_ now: MonotonicInstant) -> FlightID? {
        guard retries.count > 0, retryBudget.permits(now: now) else { return nil }
        while let id = retries.popEntry() {
            guard isReady(id, in: .retry) else { continue }
            retries.leave()
            return id
        }
        return nil
    }

    private mutating func nextLive() -> FlightID? {
        while let id = live.popEntry() {
            guard isReady(id, in: .live) else { continue }
            live.leave()
            return id
        }
        return nil
    }

    /// Once in each round of probes, a look-up of the id that resolved last.
    private mutating func knownGood() -> FlightID? {
        guard let good = lastResolved, probedRound != doors.breaker.round else { return nil }
        probedRound = doors.breaker.round
        good.id.withUnsafeBytes { refresh($0, hash: good.hash) }
        return nextRefresh()
    }

    private mutating func nextRefresh() -> FlightID? {
        while let id = refreshes.popEntry() {
            guard isReady(id, in: .refresh) else { continue }
            refreshes.leave()
            return id
        }
        return nil
    }

    // MARK: Answers come back

    mutating func complete(
        _ call: Call, _ answer: CallAnswer<Document, Failure>, now: MonotonicInstant
    ) -> (completion: FlightCompletion<Waiter, Document, Failure>, events: [DoorEvent]) {
        callCount -= 1
        let (isCharged, events) = doors.ended(
            call.ticket, answer.verdict.fate, answer.budget, id: call.hash, now: now, using: &random)
        return (settle(call, answer.verdict, isCharged, now), events)
    }

    private mutating func settle(
        _ call: Call, _ verdict: CallVerdict<Document, Failure>, _ isCharged: Bool, _ now: MonotonicInstant
    ) -> FlightCompletion<Waiter, Document, Failure> {
        let slot = call.flight.slot
        switch verdict {
        case .resolved(let document, let bytes):
            flights[slot]?.attempts += 1
            lastResolved = (call.id, call.hash)
            return land(slot, .resolved(document), bytes, limits.documentLifetime, now)
        case .failed(_, nil) where isUnattendedRefresh(slot):
            park(slot, isFinal: true, now: now)
            return .tryingAgain
        case .failed(let failure, let bytes):
            flights[slot]?.attempts += 1
            return land(slot, .failed(failure), bytes, limits.failureLifetime, now)
        case .retry where isUnattendedRefresh(slot):
            park(slot, isFinal: false, now: now)
            return .tryingAgain
        case .retry(let failure, _):
            if isCharged { flights[slot]?.attempts += 1 }
            return retryOrLand(slot, failure, isCharged, now)
        case .rateLimited, .unauthorized, .callAgain:
            if let ended = endIfUnwanted(slot) { return ended }
            makeReady(slot, first: true)
            noteOldAnswer(slot)
            return .tryingAgain
        }
    }

    private func isUnattendedRefresh(_ slot: Int) -> Bool {
        guard !isDraining, let flight = flights[slot] else { return false }
        return flight.queue == .refresh && flight.waiters.isEmpty
    }

    private mutating func land(
        _ slot: Int, _ outcome: Outcome, _ bytes: Int?, _ lifetime: CacheLifetime, _ now: MonotonicInstant
    ) -> FlightCompletion<Waiter, Document, Failure> {
        if let bytes, let flight = flights[slot] {
            cache.insert(outcome, for: flight.id, hash: flight.hash, valueBytes: bytes, lifetime: lifetime, now: now)
        }
        return land(slot, outcome)
    }

    private mutating func land(
        _ slot: Int, _ outcome: Outcome, isStale: Bool = false
    ) -> FlightCompletion<Waiter, Document, Failure> {
        guard let flight = flights[slot] else { return .tryingAgain }
        removeFlight(slot)
        return .landed(
            Landing(
                id: flight.id, outcome: outcome, waiters: flight.waiters, attempts: flight.attempts, isStale: isStale))
    }

    private mutating func retryOrLand(
        _ slot: Int, _ failure: Failure, _ isCharged: Bool, _ now: MonotonicInstant
    ) -> FlightCompletion<Waiter, Document, Failure> {
        if let ended = endIfUnwanted(slot) { return ended }
        guard let flight = flights[slot] else { return .tryingAgain }
        guard isCharged else {
            // The API fails as a whole: the next probe is another record's.
            makeReady(slot)
            noteOldAnswer(slot)
            return .tryingAgain
        }
        let wait = limits.backoff.wait(afterAttempt: flight.attempts, using: &random)
        let spent = doors.openTime(now) - (flight.firstCall ?? doors.openTime(now))
        guard flight.attempts < limits.maxAttempts, spent + wait <= limits.retryFor else {
            guard let old = oldAnswer(flight, now) else { return land(slot, .failed(failure)) }
            return land(slot, old, isStale: true)
        }
        flights[slot]?.queue = .retry
        flights[slot]?.state = .backingOff
        backoffs.insert(FlightID(slot: slot, generation: flight.generation), due: now + wait)
        noteOldAnswer(slot)
        return .tryingAgain
    }

    /// A flight that would have to try again ends where nobody waits for it, or the bridge stops.
    private mutating func endIfUnwanted(_ slot: Int) -> FlightCompletion<Waiter, Document, Failure>? {
        let waiters = flights[slot]?.waiters ?? []
        guard isDraining || waiters.isEmpty else { return nil }
        for waiter in waiters { release(waiter.heldBytes) }
        removeFlight(slot)
        return waiters.isEmpty ? .tryingAgain : .givenUp(waiters)
    }

    // MARK: Old answers

    /// While a door is closed, ends a flight that has an old answer.
    private mutating func nextOldAnswer(_ now: MonotonicInstant) -> Landing? {
        guard !withOldAnswer.isEmpty, doors.closed(at: now) != nil else { return nil }
        while let id = withOldAnswer.popFirst() {
            guard let flight = flights[id.slot], flight.generation == id.generation, flight.state != .calling,
                let old = oldAnswer(flight, now)
            else { continue }
            if case .landed(let landing) = land(id.slot, old, isStale: true) { return landing }
        }
        return nil
    }

    private mutating func oldAnswer(_ flight: Flight<Waiter>, _ now: MonotonicInstant) -> Outcome? {
        guard flight.hasOldAnswer else { return nil }
        return flight.id.withUnsafeBytes { id in
            switch cache.lookup(id, hash: flight.hash, now: now) {
            case .fresh(let outcome), .revalidate(let outcome), .onlyIfError(let outcome): outcome
            case .miss: nil
            }
        }
    }

    // MARK: Time passes

    /// Makes ready what is due.
    mutating func tick(now: MonotonicInstant) {
        doors.tick(now: now)
        while let id = backoffs.popDue(now) {
            guard let flight = flights[id.slot], flight.generation == id.generation, flight.state == .backingOff
            else { continue }
            if flight.queue == .refresh { unpark(id.slot) } else { makeReady(id.slot) }
        }
    }

    private static func earlier(_ one: MonotonicInstant?, _ other: MonotonicInstant?) -> MonotonicInstant? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    /// When something is due: an attempt, a door's opening, or the next call's turn.
    mutating func nextDue(now: MonotonicInstant) -> MonotonicInstant? {
        var due = Self.earlier(backoffs.earliest, doors.opensAt(now: now))
        if callCount < limits.maxInFlight {
            if hasReady(now) {
                if case .waitUntil(let turn) = doors.decide(now: now) { due = Self.earlier(due, turn) }
            } else if retries.count > 0 {
                due = Self.earlier(due, retryBudget.permitsAt)
            }
        }
        return due
    }
}

extension CallVerdict {
    fileprivate var fate: Doors.Fate {
        switch self {
        case .resolved, .failed: .passed
        case .retry(_, let answered): .failed(answered: answered)
        case .rateLimited(let after): .rateLimited(retryAfter: after)
        case .unauthorized: .unauthorized
        case .callAgain: .inconclusive
        }
    }
}
