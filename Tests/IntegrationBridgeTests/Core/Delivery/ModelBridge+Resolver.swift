@testable import IntegrationBridge

/// What `Resolver` does around its machine: whom it wakes.
extension ModelBridge {
    /// Answers a batch from the cache, and lets the rest wait for their flights.
    func resolve(_ items: inout [ModelIntake.Item]) {
        for index in items.indices where items[index].topic == nil {
            let waiter = items[index].waiter
            let answer = Array("id-\((waiter.input.offset * 7 + Int64(waiter.input.partition)) % 13)".utf8)
                .withUnsafeBytes { resolver.admit($0, hash: resolver.hash(of: $0), now: world.now) { waiter } }
            items[index].topic = answer.map { Self.topic($0.outcome) }
        }
        signals.idleWorkers.signal(resolver.readyCount + resolver.refreshes.count)
    }

    static func topic(_ outcome: FlightOutcome<String, String>) -> Int {
        switch outcome {
        case .resolved: 0
        case .failed: 1
        }
    }

    func nextWork() -> Machine.Work? {
        let wasFull = resolver.isFull
        let work = resolver.nextWork(now: world.now)
        // One worker wakes the next.
        let hasMore = work != nil && resolver.hasWork(now: world.now)
        let isLate = !hasMore && isTimerLate
        if wasFull, !resolver.isFull { signals.inputWaits.signal() }
        if hasMore { signals.idleWorkers.signal(1) }
        if isLate { signals.timerWaits.signal() }
        return work
    }

    /// - Returns: the flight, where that has ended with a result.
    func complete(_ call: Machine.Call, _ verdict: CallVerdict<String, String>) -> Machine.Landing? {
        let completion = resolver.complete(call, CallAnswer(verdict), now: world.now).completion
        if isTimerLate { signals.timerWaits.signal() }
        switch completion {
        case .landed(let landing): return landing
        case .tryingAgain: return nil
        case .givenUp(let waiters):
            abandon(waiters.map(\.token))
            return nil
        }
    }

    /// The requests of a flight have their results: their memory is free for others.
    func release(_ bytes: Int) {
        guard bytes != 0 else { return }
        resolver.release(bytes)
        if !resolver.isFull { signals.inputWaits.signal() }
    }

    func giveBackWaiting(_ ids: [UInt32]) -> [RecordToken] {
        let waiters = resolver.giveBackWaiting(Set(ids), now: world.now)
        signals.inputWaits.signal()
        signals.idleWorkers.signal(resolver.readyCount)
        return waiters.map(\.token)
    }

    func takeBack(_ ids: [UInt32]) -> [RecordToken] {
        let waiters = resolver.abandon(Set(ids))
        signals.inputWaits.signal()
        return waiters.map(\.token)
    }

    func beginDraining() -> [RecordToken] {
        let waiters = resolver.beginDraining(now: world.now)
        signals.idleWorkers.signal(resolver.readyCount)
        return waiters.map(\.token)
    }

    // MARK: Time

    func stepTimer() {
        if signals.timerWaits.holds(.timer) {
            guard let due = timerDue, due <= world.now else { return }
            signals.timerWaits.cancel(.timer)
        }
        resolver.tick(now: world.now)
        timerDue = resolver.nextDue(now: world.now)
        if resolver.hasWork(now: world.now) { signals.idleWorkers.signal(1) }
        if let due = timerDue, due <= world.now { return }
        signals.timerWaits.wait(.timer)
    }

    /// Whether the timer must be woken for something earlier.
    private var isTimerLate: Bool {
        guard let due = resolver.nextDue(now: world.now), world.bug != .closedDoorWakesNoTimer else { return false }
        return timerDue.map { due < $0 } ?? true
    }
}
