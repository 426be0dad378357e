/// Cache, flights, retries and the door as one plain value: no I/O, no clock, no randomness of its own.
///
/// Whoever owns it tells it the time, makes the calls it names, and hands their answers back.
struct ResolverMachine<Waiter: FlightWaiter, Document: Sendable, Failure: Sendable>: Sendable {
    /// A call to make.
    struct Call: Sendable {
        var flight: FlightID
        var id: [UInt8]
    }

    let limits: ResolverLimits
    private(set) var cache: DocumentCache<Document>
    private(set) var door = Door()
    /// Calls under way.
    private(set) var callCount = 0
    /// Bytes of the records that wait.
    private(set) var heldBytes = 0
    /// Flights that could start now, were there a free call and an open door.
    private(set) var readyCount = 0

    private let hash: ByteHash
    private let start: ContinuousClock.Instant
    private var random: SplitMix64
    private var flights: [Flight<Waiter>?] = []
    private var free: [Int] = []
    private var nextGeneration: UInt32 = 0
    private var index = ByteIndex()
    private var ready = RingQueue<FlightID>()
    private var backoffs = DueHeap<FlightID>()
    private var isDraining = false

    init(limits: ResolverLimits, seed: UInt64, now: ContinuousClock.Instant) {
        self.limits = limits
        start = now
        cache = DocumentCache(maximumBytes: limits.cacheMaxBytes, seed: seed)
        random = SplitMix64(seed: seed)
        hash = ByteHash(seed: random.next())
    }

    /// Flights of any state.
    var flightCount: Int { index.count }

    /// Whether the input should wait: as many flights are ready as calls may run, or memory is used up.
    var isFull: Bool { readyCount >= limits.maxInFlight || heldBytes >= limits.maxHeldBytes }

    // MARK: Records come in

    func hash(of id: UnsafeRawBufferPointer) -> UInt64 { hash(id) }

    /// What the cache knows.
    mutating func cached(
        _ id: UnsafeRawBufferPointer, hash: UInt64, now: ContinuousClock.Instant
    ) -> Document? {
        if case .fresh(let document) = cache.lookup(id, hash: hash, now: now) { document } else { nil }
    }

    /// Lets a record wait for the flight of its id, which is opened where there is none.
    mutating func enqueue(_ waiter: Waiter, id: UnsafeRawBufferPointer, hash: UInt64) {
        heldBytes += waiter.heldBytes
        if let slot = flight(of: id, hash) {
            flights[slot]?.waiters.append(waiter)
            return
        }
        nextGeneration &+= 1
        let flight = Flight(id: Array(id), hash: hash, generation: nextGeneration, waiters: [waiter])
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            flights[slot] = flight
        } else {
            slot = flights.count
            flights.append(flight)
        }
        index.insert(hash, entry: slot)
        ready.append(FlightID(slot: slot, generation: flight.generation))
        readyCount += 1
    }

    private func flight(of id: UnsafeRawBufferPointer, _ hash: UInt64) -> Int? {
        index.find(hash) { slot in
            flights[slot]?.id.withUnsafeBytes { $0.elementsEqual(id) } ?? false
        }
    }

    // MARK: Calls go out

    /// The next call to make now; `nil` while none is ready, all are busy, or the door is closed.
    mutating func nextCall(now: ContinuousClock.Instant) -> Call? {
        guard hasCall(now: now) else { return nil }
        let opened = openTime(now)
        while let flight = ready.popFirst() {
            guard flights[flight.slot]?.generation == flight.generation else { continue }
            readyCount -= 1
            callCount += 1
            flights[flight.slot]?.state = .calling
            if flights[flight.slot]?.firstCall == nil { flights[flight.slot]?.firstCall = opened }
            return Call(flight: flight, id: flights[flight.slot]?.id ?? [])
        }
        return nil
    }

    /// Whether ``nextCall(now:)`` would name a call.
    mutating func hasCall(now: ContinuousClock.Instant) -> Bool {
        callCount < limits.maxInFlight && readyCount > 0 && door.isOpen(at: now)
    }

    /// Time that has passed with the door open.
    private func openTime(_ now: ContinuousClock.Instant) -> Duration {
        start.duration(to: now) - door.closedTime(at: now)
    }

    // MARK: Answers come back

    mutating func complete(
        _ call: Call, _ verdict: CallVerdict<Document, Failure>, now: ContinuousClock.Instant
    ) -> FlightCompletion<Waiter, Document, Failure> {
        callCount -= 1
        let slot = call.flight.slot
        switch verdict {
        case .resolved(let document, let bytes):
            door.passed(at: now)
            flights[slot]?.attempts += 1
            if let flight = flights[slot] {
                cache.insert(
                    document, for: flight.id, hash: flight.hash, valueBytes: bytes,
                    lifetime: CacheLifetime(fresh: limits.cacheTTL), now: now)
            }
            return land(slot, .resolved(document))
        case .failed(let failure):
            door.passed(at: now)
            flights[slot]?.attempts += 1
            return land(slot, .failed(failure))
        case .retry(let failure):
            flights[slot]?.attempts += 1
            return retryOrLand(slot, failure, now)
        case .turnedAway(let reason, let after):
            return turnAway(call.flight, reason, after, now)
        }
    }

    private mutating func retryOrLand(
        _ slot: Int, _ failure: Failure, _ now: ContinuousClock.Instant
    ) -> FlightCompletion<Waiter, Document, Failure> {
        guard let flight = flights[slot] else { return .tryingAgain }
        if flight.waiters.isEmpty { return land(slot, .failed(failure)) }
        if isDraining { return giveUp(slot) }
        let wait = limits.backoff.wait(afterAttempt: flight.attempts, using: &random)
        let spent = openTime(now) - (flight.firstCall ?? openTime(now))
        guard flight.attempts < limits.maxAttempts, spent + wait <= limits.retryFor else {
            return land(slot, .failed(failure))
        }
        flights[slot]?.state = .backingOff
        backoffs.insert(FlightID(slot: slot, generation: flight.generation), due: now + wait)
        return .tryingAgain
    }

    private mutating func turnAway(
        _ flight: FlightID, _ reason: Door.Reason, _ after: Duration?, _ now: ContinuousClock.Instant
    ) -> FlightCompletion<Waiter, Document, Failure> {
        if isDraining { return giveUp(flight.slot) }
        if flights[flight.slot]?.waiters.isEmpty == true {
            removeFlight(flight.slot)
        } else {
            flights[flight.slot]?.state = .ready
            ready.prepend(flight)
            readyCount += 1
        }
        let wait = after ?? limits.doorBackoff.wait(afterAttempt: door.closures + 1, using: &random)
        let wasOpen = door.close(reason, until: now + wait, now: now)
        return wasOpen ? .doorClosed(reason, for: wait) : .tryingAgain
    }

    private mutating func land(
        _ slot: Int, _ outcome: FlightOutcome<Document, Failure>
    ) -> FlightCompletion<Waiter, Document, Failure> {
        guard let flight = flights[slot] else { return .tryingAgain }
        removeFlight(slot)
        return .landed(outcome, waiters: flight.waiters, attempts: flight.attempts)
    }

    private mutating func giveUp(_ slot: Int) -> FlightCompletion<Waiter, Document, Failure> {
        let waiters = flights[slot]?.waiters ?? []
        for waiter in waiters { heldBytes -= waiter.heldBytes }
        removeFlight(slot)
        return .givenUp(waiters)
    }

    private mutating func removeFlight(_ slot: Int) {
        guard let flight = flights[slot] else { return }
        index.remove(flight.hash, entry: slot)
        flights[slot] = nil
        free.append(slot)
    }

    /// A landed record's output is handed over: its bytes are free.
    mutating func release(_ bytes: Int) {
        heldBytes -= bytes
    }

    // MARK: Time passes

    /// When something is due: an attempt, or the door's opening.
    var nextDue: ContinuousClock.Instant? {
        // Also with nothing ready: what becomes ready behind a closed door must not wait for a second reason to wake up.
        guard let opening = door.closedUntil else { return backoffs.earliest }
        return backoffs.earliest.map { min($0, opening) } ?? opening
    }

    /// Makes ready what is due.
    mutating func tick(now: ContinuousClock.Instant) {
        _ = door.isOpen(at: now)
        while let flight = backoffs.popDue(now) {
            guard let waiting = flights[flight.slot], waiting.generation == flight.generation,
                waiting.state == .backingOff
            else { continue }
            makeReady(flight)
        }
    }

    private mutating func makeReady(_ flight: FlightID) {
        flights[flight.slot]?.state = .ready
        ready.append(flight)
        readyCount += 1
    }

    // MARK: The end

    /// From now on a failed call is not tried again.
    ///
    /// - Returns: the records that are given back at once, see ``giveBackWaiting(_:now:)``.
    mutating func beginDraining(now: ContinuousClock.Instant) -> [Waiter] {
        isDraining = true
        return giveBackWaiting(nil, now: now)
    }

    // MARK: Partitions go away

    /// Takes back the records, of these assignments or of all, for which no call was made yet, or none can be made now.
    ///
    /// What waits for another attempt gets it at once, because much that came later may be done already, and would be done
    /// again with it.
    mutating func giveBackWaiting(_ assignments: Set<UInt32>?, now: ContinuousClock.Instant) -> [Waiter] {
        let isOpen = door.isOpen(at: now)
        for slot in flights.indices where isOpen {
            guard let flight = flights[slot], flight.state == .backingOff,
                flight.waiters.contains(where: { assignments?.contains($0.assignment) ?? true })
            else { continue }
            makeReady(FlightID(slot: slot, generation: flight.generation))
        }
        return abandon(assignments) { $0.state != .calling && !(isOpen && $0.firstCall != nil) }
    }

    /// Takes back all records of these assignments, or all. A call that is under way goes on, for the cache.
    mutating func abandon(_ assignments: Set<UInt32>?) -> [Waiter] {
        abandon(assignments) { _ in true }
    }

    /// A flight that is left without records ends, unless its call is under way.
    private mutating func abandon(_ assignments: Set<UInt32>?, where matches: (Flight<Waiter>) -> Bool) -> [Waiter] {
        var abandoned: [Waiter] = []
        for slot in flights.indices {
            guard let flight = flights[slot], matches(flight) else { continue }
            let leaving = flight.waiters.filter { assignments?.contains($0.assignment) ?? true }
            guard !leaving.isEmpty else { continue }
            abandoned.append(contentsOf: leaving)
            if let assignments {
                flights[slot]?.waiters.removeAll { assignments.contains($0.assignment) }
            } else {
                flights[slot]?.waiters = []
            }
            if flights[slot]?.waiters.isEmpty == true, flight.state != .calling {
                if flight.state == .ready { readyCount -= 1 }
                removeFlight(slot)
            }
        }
        for waiter in abandoned { heldBytes -= waiter.heldBytes }
        return abandoned
    }
}
