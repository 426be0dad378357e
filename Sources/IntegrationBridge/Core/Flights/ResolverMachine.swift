/// Cache, flights, retries and the doors as one plain value: no I/O, no clock, no randomness of its own.
///
/// Whoever owns it tells it the time, makes the calls it names, and hands their answers back.
struct ResolverMachine<Waiter: FlightWaiter, Document: Sendable, Failure: Sendable>: Sendable {
    typealias Outcome = FlightOutcome<Document, Failure>
    typealias Landing = FlightLanding<Waiter, Document, Failure>

    /// Refreshes that wait for their turn, or have failed; more are left to later look-ups.
    private static var mostRefreshes: Int { 1024 }
    private static var mostProbes: Int { 3 }

    let limits: ResolverLimits
    var cache: DocumentCache<Outcome>
    var doors: Doors
    /// Calls under way.
    var callCount = 0
    /// Bytes of the records that wait.
    private(set) var heldBytes = 0

    var random: SplitMix64
    var flights: [Flight<Waiter>?] = []
    var live = FlightQueue()
    var retries = FlightQueue()
    var refreshes = FlightQueue()
    /// Flights for which the cache has an old answer, should a door close.
    var withOldAnswer = RingQueue<FlightID>()
    var backoffs = DueHeap<FlightID>()
    var retryBudget: RetryBudget
    /// Calls since the last repeated one.
    var sinceRepeated = 0
    var isDraining = false
    /// Refreshes that failed and wait, with nobody who waits for them.
    var parkedCount = 0
    /// The id that resolved last: it shows whether an API that fails others is at work.
    var lastResolved: (id: [UInt8], hash: UInt64)?
    /// The round of the breaker's probes in which that id was asked for.
    var probedRound: UInt32?

    private let hash: ByteHash
    private var free: [Int] = []
    private var nextGeneration: UInt32 = 0
    private var index = ByteIndex()

    init(limits: ResolverLimits, seed: UInt64, now: MonotonicInstant) {
        self.limits = limits
        random = SplitMix64(seed: seed)
        cache = DocumentCache(maximumBytes: limits.cacheMaxBytes, seed: random.next())
        doors = Doors(limits: limits, seed: random.next(), now: now)
        retryBudget = RetryBudget(now: now)
        hash = ByteHash(seed: random.next())
    }

    /// Flights of any state.
    var flightCount: Int { index.count }

    /// Flights with records that could start now, were there a free call and open doors.
    var readyCount: Int { live.count + retries.count }

    /// Whether the input should wait: as many flights are ready as calls may run, or memory is used up.
    var isFull: Bool { live.count >= limits.maxInFlight || heldBytes >= limits.maxHeldBytes }

    // MARK: Records come in

    func hash(of id: UnsafeRawBufferPointer) -> UInt64 { hash(id) }

    /// Answers a record from the cache, or lets it wait for the flight of its id, which is opened where there is none.
    ///
    /// - Parameter waiter: makes what waits; called only where it has to.
    /// - Returns: the answer, where there is one now.
    mutating func admit(
        _ id: UnsafeRawBufferPointer, hash: UInt64, now: MonotonicInstant, waiter: () -> Waiter
    ) -> (outcome: Outcome, isStale: Bool)? {
        switch cache.lookup(id, hash: hash, now: now) {
        case .fresh(let outcome):
            return (outcome, false)
        case .revalidate(let outcome):
            refresh(id, hash: hash, now: now)
            return (outcome, true)
        case .onlyIfError(let outcome):
            if doors.closed(at: now) != nil {
                refresh(id, hash: hash, now: now)
                return (outcome, true)
            }
            enqueue(waiter(), id: id, hash: hash, hasOldAnswer: true)
        case .miss:
            enqueue(waiter(), id: id, hash: hash, hasOldAnswer: false)
        }
        return nil
    }

    private mutating func enqueue(_ waiter: Waiter, id: UnsafeRawBufferPointer, hash: UInt64, hasOldAnswer: Bool) {
        heldBytes += waiter.heldBytes
        let slot: Int
        if let known = flight(of: id, hash) {
            slot = known
            flights[slot]?.waiters.append(waiter)
            promote(slot)
        } else {
            slot = open(id, hash, .live, waiters: [waiter])
        }
        guard hasOldAnswer, flights[slot]?.hasOldAnswer == false else { return }
        flights[slot]?.hasOldAnswer = true
        noteOldAnswer(slot)
    }

    /// A flight with an old answer is in line for it, should a door close.
    mutating func noteOldAnswer(_ slot: Int) {
        guard let flight = flights[slot], flight.hasOldAnswer else { return }
        // Flights that have ended leave the line here, so that it does not grow while no door closes.
        while let first = withOldAnswer.first, flights[first.slot]?.generation != first.generation {
            _ = withOldAnswer.popFirst()
        }
        withOldAnswer.append(FlightID(slot: slot, generation: flight.generation))
    }

    /// Opens a flight that nobody waits for, where there is none of this id.
    ///
    /// A few of them behind a closed door are its probes where all records are answered from the cache.
    private mutating func refresh(_ id: UnsafeRawBufferPointer, hash: UInt64, now: MonotonicInstant) {
        let most = doors.closed(at: now) == nil ? Self.mostRefreshes : Self.mostProbes
        refresh(id, hash: hash, most: most)
    }

    mutating func refresh(_ id: UnsafeRawBufferPointer, hash: UInt64, most: Int = 1) {
        guard !isDraining, refreshes.count < most, flight(of: id, hash) == nil else { return }
        _ = open(id, hash, .refresh, waiters: [])
    }

    private mutating func open(
        _ id: UnsafeRawBufferPointer, _ hash: UInt64, _ queue: Flight<Waiter>.Queue, waiters: [Waiter]
    ) -> Int {
        nextGeneration &+= 1
        let flight = Flight(id: Array(id), hash: hash, generation: nextGeneration, queue: queue, waiters: waiters)
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            flights[slot] = flight
        } else {
            slot = flights.count
            flights.append(flight)
        }
        index.insert(hash, entry: slot)
        makeReady(slot)
        return slot
    }

    /// A refresh that somebody waits for now is live work, with attempts of its own.
    private mutating func promote(_ slot: Int) {
        guard let flight = flights[slot], flight.queue == .refresh else { return }
        switch flight.state {
        case .ready: refreshes.leave()
        case .backingOff: parkedCount -= 1
        case .calling: break
        }
        flights[slot]?.queue = .live
        flights[slot]?.attempts = 0
        flights[slot]?.firstCall = nil
        if flight.state != .calling { makeReady(slot) }
    }

    /// A refresh failed, and nobody waits for it: it is not asked for again for a while, however many records are answered
    /// with the old document.
    ///
    /// - Parameter isFinal: asking again would not help.
    mutating func park(_ slot: Int, isFinal: Bool, now: MonotonicInstant) {
        guard let flight = flights[slot], parkedCount < Self.mostRefreshes else { return removeFlight(slot) }
        let attempts = isFinal ? limits.maxAttempts : flight.attempts + 1
        flights[slot]?.attempts = attempts
        flights[slot]?.state = .backingOff
        parkedCount += 1
        let wait =
            attempts < limits.maxAttempts
            ? limits.backoff.wait(afterAttempt: attempts, using: &random) : limits.backoff.maximum
        backoffs.insert(FlightID(slot: slot, generation: flight.generation), due: now + wait)
    }

    /// A parked refresh is due: for another call, or to make room for one that records ask for anew.
    mutating func unpark(_ slot: Int) {
        guard let flight = flights[slot] else { return }
        guard flight.attempts < limits.maxAttempts else { return removeFlight(slot) }
        parkedCount -= 1
        makeReady(slot)
    }

    private func flight(of id: UnsafeRawBufferPointer, _ hash: UInt64) -> Int? {
        index.find(hash) { slot in
            flights[slot]?.id.withUnsafeBytes { $0.elementsEqual(id) } ?? false
        }
    }

    // MARK: Queues

    /// Puts a flight at the end of its queue, or at its front.
    mutating func makeReady(_ slot: Int, first: Bool = false) {
        guard let flight = flights[slot] else { return }
        flights[slot]?.state = .ready
        let id = FlightID(slot: slot, generation: flight.generation)
        switch flight.queue {
        case .live: live.join(id, first: first)
        case .retry: retries.join(id, first: first)
        case .refresh: refreshes.join(id, first: first)
        }
    }

    /// Whether an entry of a queue is still what it was when it joined.
    func isReady(_ id: FlightID, in queue: Flight<Waiter>.Queue) -> Bool {
        guard let flight = flights[id.slot] else { return false }
        return flight.generation == id.generation && flight.state == .ready && flight.queue == queue
    }

    mutating func removeFlight(_ slot: Int) {
        guard let flight = flights[slot] else { return }
        if flight.state == .backingOff, flight.queue == .refresh { parkedCount -= 1 }
        if flight.state == .ready {
            switch flight.queue {
            case .live: live.leave()
            case .retry: retries.leave()
            case .refresh: refreshes.leave()
            }
        }
        index.remove(flight.hash, entry: slot)
        flights[slot] = nil
        free.append(slot)
    }

    // MARK: Memory

    /// A landed record's output is handed over, or it is given back: its bytes are free.
    mutating func release(_ bytes: Int) {
        heldBytes -= bytes
    }
}
