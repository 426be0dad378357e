import Testing

@testable import IntegrationBridge

@Suite("ResolverMachine: flights")
struct ResolverMachineTests {
    typealias Waiter = MachineSupport.Waiter
    typealias Machine = MachineSupport.Machine

    private let start = MonotonicInstant.now

    private func machine(maxInFlight: Int = 4, maxAttempts: Int = 3, retryFor: Duration = .seconds(120)) -> Machine {
        MachineSupport.machine(
            MachineSupport.limits(maxInFlight: maxInFlight, maxAttempts: maxAttempts, retryFor: retryFor), now: start)
    }

    private func nextCall(_ machine: inout Machine, _ now: MonotonicInstant) throws -> Machine.Call {
        let call = machine.nextCall(now: now)
        return try #require(call)
    }

    @Test("A hundred records that ask for one id make one call, and all get its answer")
    func coalescing() throws {
        var machine = machine()
        for number in 0..<100 { _ = machine.ask("a", Waiter(number: number), now: start) }
        let call = try nextCall(&machine, start)
        let second = machine.nextCall(now: start)
        #expect(second == nil)
        let completion = machine.finish(call, .resolved("A", bytes: 1), now: start)
        let landing = try #require(completion.landing)
        #expect(landing.waiters.map(\.number) == Array(0..<100))
        #expect(landing.attempts == 1)
        #expect(!landing.isStale)
        let cached = machine.ask("a", now: start)
        #expect(cached?.text == "A" && cached?.isStale == false)
    }

    @Test("No more calls run at once than are allowed, and the input waits while as many are ready")
    func bounded() throws {
        var machine = machine(maxInFlight: 3)
        // The first answer ends the cautious beginning.
        for id in ["x", "y", "z"] { machine.fill(id, now: start) }
        for number in 0..<10 { _ = machine.ask("id-\(number)", now: start) }
        var calls = 0
        while machine.nextCall(now: start) != nil { calls += 1 }
        #expect(calls == 3)
        #expect(machine.isFull)
    }

    @Test("A failure that may pass is retried after its backoff until the attempts are used up")
    func retries() throws {
        var machine = machine(maxAttempts: 3)
        _ = machine.ask("a", now: start)
        var now = start
        for attempt in 1...3 {
            let call = try nextCall(&machine, now)
            let completion = machine.finish(call, .retry("503", answered: true), now: now)
            if attempt < 3 {
                #expect(completion.landing == nil, "gave up after attempt \(attempt)")
                let early = machine.nextCall(now: now)
                #expect(early == nil)
                let due = machine.nextDue(now: now)
                now = try #require(due)
                machine.tick(now: now)
            } else {
                let landing = try #require(completion.landing)
                #expect(landing.outcome.text == "503" && landing.attempts == 3)
            }
        }
        #expect(machine.flightCount == 0)
    }

    @Test("Time runs out before attempts do where `retryFor` is short")
    func retryTime() throws {
        var machine = machine(maxAttempts: 1000, retryFor: .seconds(3))
        _ = machine.ask("a", now: start)
        var now = start
        while true {
            let call = try nextCall(&machine, now)
            if let landing = machine.finish(call, .retry("x", answered: true), now: now).landing {
                #expect(landing.attempts > 1 && landing.attempts < 1000)
                break
            }
            let due = machine.nextDue(now: now)
            now = try #require(due)
            machine.tick(now: now)
        }
        #expect(start.duration(to: now) <= .seconds(3))
    }

    @Test("What a partition took with it is given back, and a call under way for it still fills the cache")
    func abandoned() throws {
        var machine = machine(maxInFlight: 1)
        _ = machine.ask("calling", Waiter(assignment: 1), now: start)
        _ = machine.ask("queued", Waiter(assignment: 1), now: start)
        _ = machine.ask("queued", Waiter(assignment: 2), now: start)
        _ = machine.ask("only-mine", Waiter(assignment: 1), now: start)
        let call = try nextCall(&machine, start)
        let waiting = machine.giveBackWaiting([1], now: start)
        #expect(waiting.count == 2)
        #expect(machine.heldBytes == 200)
        #expect(machine.flightCount == 2)
        let abandoned = machine.abandon([1])
        #expect(abandoned.count == 1)
        let completion = machine.finish(call, .resolved("C", bytes: 1), now: start)
        #expect(try #require(completion.landing).waiters.isEmpty)
        #expect(machine.ask("calling", now: start)?.text == "C")
        #expect(try nextCall(&machine, start).text == "queued")
        let further = machine.nextCall(now: start)
        #expect(further == nil)
    }

    @Test("What waits for another attempt when its partition goes gets it at once, and is not given back")
    func lastAttempt() throws {
        var machine = machine()
        _ = machine.ask("a", now: start)
        let call = try nextCall(&machine, start)
        _ = machine.finish(call, .retry("503", answered: true), now: start)
        let early = machine.nextCall(now: start)
        #expect(early == nil)
        let given = machine.giveBackWaiting([1], now: start)
        #expect(given.isEmpty)
        #expect(try nextCall(&machine, start).text == "a")
        machine.tick(now: start + .seconds(60))
        #expect(machine.readyCount == 0, "its old backoff must not make it ready again")
    }

    @Test("While draining, what would have to try again is given back, and what is answered still lands")
    func draining() throws {
        var machine = machine(maxInFlight: 3)
        for id in ["x", "y", "z"] { machine.fill(id, now: start) }
        for id in ["retried", "turned away", "answered", "queued"] { _ = machine.ask(id, now: start) }
        let calls = try (0..<3).map { _ in try nextCall(&machine, start) }
        let queued = machine.beginDraining(now: start)
        #expect(queued.count == 1)
        guard case .givenUp(let first) = machine.finish(calls[0], .retry("503", answered: true), now: start),
            case .givenUp(let second) = machine.finish(calls[1], .rateLimited(retryAfter: nil), now: start),
            case .landed(let third) = machine.finish(calls[2], .resolved("A", bytes: 1), now: start)
        else {
            Issue.record("not given back, or not landed")
            return
        }
        #expect([first.count, second.count, third.waiters.count] == [1, 1, 1])
        #expect(machine.flightCount == 0)
    }

    @Test(
        "Repeated calls stay under a fifth of all calls where many fail; once memory is used up, records still end",
        arguments: [64_000_000, 20_000])
    func retryBudget(heldBytes: Int) throws {
        var random = SplitMix64(seed: 7)
        var machine = MachineSupport.machine(
            MachineSupport.limits(maxInFlight: 8, maxAttempts: 5, heldBytes: heldBytes), now: start)
        var now = start
        var (calls, repeated, ended, asked) = (0, 0, 0, 0)
        var seen = Set<String>()
        while calls < 10_000 {
            now = now + .microseconds(500)
            machine.tick(now: now)
            while !machine.isFull {
                _ = machine.ask("id-\(asked)", now: now)
                asked += 1
            }
            guard let call = machine.nextCall(now: now) else { continue }
            calls += 1
            if !seen.insert(call.text).inserted { repeated += 1 }
            let fails = Double.random(in: 0...1, using: &random) < 0.4
            let verdict: CallVerdict<String, String> = fails ? .retry("500", answered: true) : .resolved("x", bytes: 1)
            if let landing = machine.finish(call, verdict, now: now).landing {
                ended += 1
                for waiter in landing.waiters { machine.release(waiter.heldBytes) }
            }
        }
        // The balance at the start, and what comes in with time, are on top.
        let extra = 100 + 10 * (start.duration(to: now) / .seconds(1))
        #expect(Double(repeated) < 0.2 * Double(calls) + extra, "\(repeated) of \(calls)")
        #expect(ended > 5_000)
    }
}
