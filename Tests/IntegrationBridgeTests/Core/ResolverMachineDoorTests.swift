import Testing

@testable import IntegrationBridge

@Suite("ResolverMachine: doors and old answers")
struct ResolverMachineDoorTests {
    typealias Waiter = MachineSupport.Waiter
    typealias Machine = MachineSupport.Machine

    private let start = MonotonicInstant.now

    private func machine(_ limits: ResolverLimits = MachineSupport.limits()) -> Machine {
        MachineSupport.machine(limits, now: start)
    }

    private func nextCall(_ machine: inout Machine, _ now: MonotonicInstant) throws -> Machine.Call {
        let call = machine.nextCall(now: now)
        return try #require(call)
    }

    /// Opens the breaker with failures of many ids.
    ///
    /// - Returns: whether a flight ended meanwhile.
    private func openBreaker(_ machine: inout Machine, _ now: MonotonicInstant) -> Bool {
        var landed = false
        for number in 0..<200 where machine.doors.breaker.isClosed {
            _ = machine.ask("failing-\(number)", now: now)
            guard let call = machine.nextCall(now: now) else { continue }
            landed = machine.finish(call, .retry("503", answered: true), now: now).landing != nil || landed
        }
        return landed
    }

    @Test("A 429 closes one gate for all, no attempt is lost, time behind it is not charged, and it opens by itself")
    func gate() throws {
        var machine = machine(MachineSupport.limits(maxAttempts: 2, retryFor: .seconds(5)))
        machine.fill("x", now: start)
        _ = machine.ask("a", now: start)
        _ = machine.ask("b", now: start)
        let first = try nextCall(&machine, start)
        let second = try nextCall(&machine, start)
        let closed = machine.complete(first, CallAnswer(.rateLimited(retryAfter: .seconds(600))), now: start)
        guard case .gateClosed(let wait)? = closed.events.first else {
            Issue.record("the gate stayed open")
            return
        }
        #expect(wait >= .seconds(600))
        let again = machine.complete(second, CallAnswer(.rateLimited(retryAfter: .seconds(1))), now: start)
        #expect(again.events.isEmpty, "one closing was reported twice")
        let early = machine.nextCall(now: start + .seconds(599))
        #expect(early == nil)
        let due = machine.nextDue(now: start)
        let opening = try #require(due)
        #expect(start.duration(to: opening) >= .seconds(600))
        machine.tick(now: opening)
        let probe = try nextCall(&machine, opening)
        let failed = machine.finish(probe, .retry("503", answered: true), now: opening)
        #expect(failed.landing == nil, "time behind the gate was charged to the record")
        machine.tick(now: opening + .seconds(1))
        let last = try nextCall(&machine, opening + .seconds(1))
        let landed = machine.finish(last, .resolved("B", bytes: 1), now: opening + .seconds(1))
        #expect(try #require(landed.landing).attempts <= 2)
    }

    @Test("A gate that closes while nothing is ready opens again for what comes later")
    func gateWithoutFlights() throws {
        var machine = machine()
        _ = machine.ask("gone", now: start)
        let call = try nextCall(&machine, start)
        let abandoned = machine.abandon([1])
        #expect(abandoned.count == 1)
        _ = machine.finish(call, .rateLimited(retryAfter: .seconds(15)), now: start)
        #expect(machine.flightCount == 0)
        let due = machine.nextDue(now: start)
        let opening = try #require(due)
        _ = machine.ask("later", now: start + .seconds(1))
        let early = machine.nextCall(now: start + .seconds(14))
        #expect(early == nil)
        machine.tick(now: opening)
        #expect(try nextCall(&machine, opening).text == "later")
    }

    @Test("An API that fails as a whole opens the breaker before any record has used up its attempts")
    func outage() throws {
        var machine = machine(MachineSupport.limits(maxInFlight: 64, maxAttempts: 2))
        // A fast hour before, so that the window is full of successes.
        for number in 0..<5000 { machine.fill("before-\(number)", now: start) }
        #expect(!openBreaker(&machine, start))
        #expect(!machine.doors.breaker.isClosed)
        var now = start
        // An outage of minutes: probes fail, and cost nobody anything.
        for _ in 0..<50 {
            now = now + .seconds(5)
            machine.tick(now: now)
            while let call = machine.nextCall(now: now) {
                #expect(machine.finish(call, .retry("503", answered: false), now: now).landing == nil)
            }
        }
        // It is over: everything resolves.
        now = now + .seconds(10)
        var resolved = 0
        for _ in 0..<1000 where machine.flightCount > 0 {
            now = now + .milliseconds(100)
            machine.tick(now: now)
            while let call = machine.nextCall(now: now) {
                guard case .resolved? = machine.finish(call, .resolved("ok", bytes: 1), now: now).landing?.outcome
                else {
                    Issue.record("did not resolve")
                    continue
                }
                resolved += 1
            }
        }
        #expect(resolved >= 20)
        #expect(machine.flightCount == 0)
        #expect(machine.doors.breaker.isClosed)
    }

    @Test(
        "Refused credentials keep every record without an attempt, ask again one at a time, and open when others come")
    func credentials() throws {
        var machine = machine(MachineSupport.limits(maxAttempts: 1))
        machine.fill("x", now: start)
        _ = machine.ask("a", now: start)
        _ = machine.ask("b", now: start)
        var now = start
        var waits: [Duration] = []
        for _ in 0..<8 {
            machine.tick(now: now)
            let call = try nextCall(&machine, now)
            let second = machine.nextCall(now: now)
            if !waits.isEmpty { #expect(second == nil, "one probe at a time") }
            let (completion, events) = machine.complete(call, CallAnswer(.unauthorized("401")), now: now)
            #expect(completion.landing == nil)
            if let second { _ = machine.finish(second, .unauthorized("401"), now: now) }
            guard case .credentials(.refused(let wait))? = events.first else {
                Issue.record("not closed")
                return
            }
            waits.append(wait)
            now = now + wait
        }
        #expect(waits.last! > waits.first! * 4)
        // In the middle of a wait the secret changes.
        machine.tick(now: now)
        let refused = try nextCall(&machine, now)
        _ = machine.finish(refused, .unauthorized("401"), now: now)
        machine.doors.credentialsChanged(areThere: true, now: now)
        let probe = try nextCall(&machine, now)
        let (completion, events) = machine.complete(probe, CallAnswer(.resolved("A", bytes: 1)), now: now)
        #expect(completion.landing?.attempts == 1)
        #expect(events == [.credentials(.accepted)])
        #expect(machine.nextCall(now: now) != nil)
    }

    @Test("A cached answer past its time is given while one call makes it new, after live work")
    func revalidation() throws {
        var machine = machine()
        for id in ["a", "b", "c"] { machine.fill(id, now: start) }
        let later = start + .seconds(310)
        for _ in 0..<5 {
            let answer = machine.ask("a", now: later)
            #expect(answer?.text == "a" && answer?.isStale == true)
        }
        _ = machine.ask("live", now: later)
        #expect(try nextCall(&machine, later).text == "live")
        let call = try nextCall(&machine, later)
        #expect(call.text == "a")
        let second = machine.nextCall(now: later)
        #expect(second == nil, "one refresh for many records")
        let landing = machine.finish(call, .resolved("new a", bytes: 10), now: later).landing
        #expect(landing?.waiters.isEmpty == true)
        let fresh = machine.ask("a", now: later)
        #expect(fresh?.text == "new a" && fresh?.isStale == false)
    }

    @Test(
        "A refresh that fails is asked for again with growing waits only, however many records ask, and harms nothing")
    func failedRefresh() throws {
        var machine = machine()
        machine.fill("a", now: start)
        var now = start + .seconds(310)
        var calls = 0
        for _ in 0..<machine.limits.maxAttempts {
            _ = machine.ask("a", now: now)
            let call = try nextCall(&machine, now)
            calls += 1
            _ = machine.finish(call, .retry("500", answered: true), now: now)
            let answer = machine.ask("a", now: now)
            #expect(answer?.text == "a" && answer?.isStale == true)
            let atOnce = machine.nextCall(now: now)
            #expect(atOnce == nil)
            let due = machine.nextDue(now: now)
            now = try #require(due)
            machine.tick(now: now)
        }
        #expect(now >= start + .seconds(310) + machine.limits.backoff.maximum, "the last wait is a whole one")
        #expect(calls == machine.limits.maxAttempts && machine.flightCount == 0 && machine.parkedCount == 0)
    }

    @Test(
        "A refusal that another call would not change parks a refresh too; a record that needs the id does not wait for it"
    )
    func parkedRefresh() throws {
        var machine = machine()
        machine.fill("a", now: start)
        let later = start + .seconds(310)
        _ = machine.ask("a", now: later)
        let call = try nextCall(&machine, later)
        _ = machine.finish(call, .failed("400", bytes: nil), now: later)
        _ = machine.ask("a", now: later)
        let atOnce = machine.nextCall(now: later)
        #expect(atOnce == nil && machine.parkedCount == 1)
        let past = start + .seconds(400)
        let answer = machine.ask("a", Waiter(number: 1), now: past)
        #expect(answer == nil && machine.parkedCount == 0)
        #expect(try nextCall(&machine, past).text == "a")
    }

    @Test("A record that comes for an id under refresh waits for that call")
    func promoted() throws {
        var machine = machine()
        machine.fill("a", now: start)
        _ = machine.ask("a", now: start + .seconds(310))
        let later = start + .seconds(400)
        let answer = machine.ask("a", Waiter(number: 9), now: later)
        #expect(answer == nil, "past the time for revalidation the record waits")
        #expect(machine.readyCount == 1)
        let call = try nextCall(&machine, later)
        let landing = machine.finish(call, .resolved("new", bytes: 10), now: later).landing
        #expect(landing?.waiters.map(\.number) == [9])
        #expect(machine.refreshes.count == 0)
    }

    @Test("While a door is closed, what is past its time but not too old goes out as stale; too old waits")
    func staleIfError() throws {
        var machine = machine(MachineSupport.limits(maxInFlight: 64))
        for id in ["early", "late", "calling"] { machine.fill(id, now: start) }
        let later = start + .seconds(500)
        // Two wait already when the door closes, one of them with its call under way.
        let waits = machine.ask("early", Waiter(number: 1), now: later)
        #expect(waits == nil)
        _ = machine.ask("calling", Waiter(number: 2), now: later)
        let first = try nextCall(&machine, later)
        let second = try nextCall(&machine, later)
        _ = machine.finish(first, .rateLimited(retryAfter: .seconds(60)), now: later)
        let landing = machine.nextLanding(now: later)
        #expect(landing?.isStale == true && landing?.outcome.text == "early")
        #expect(landing?.waiters.map(\.number) == [1])
        let none = machine.nextWork(now: later)
        #expect(none == nil)
        _ = machine.finish(second, .rateLimited(retryAfter: .seconds(60)), now: later)
        let then = machine.nextLanding(now: later)
        #expect(then?.outcome.text == "calling" && then?.isStale == true)
        let answer = machine.ask("late", now: later)
        #expect(answer?.text == "late" && answer?.isStale == true)
        // Too old: it waits.
        let muchLater = start + .seconds(300 + 3600 + 1)
        #expect(openBreaker(&machine, muchLater) == false)
        let old = machine.ask("late", now: muchLater)
        #expect(old == nil)
    }

    @Test("A record whose attempts are used up gets the old answer where there is one")
    func staleAfterAttempts() throws {
        var machine = machine(MachineSupport.limits(maxAttempts: 1))
        machine.fill("a", now: start)
        let later = start + .seconds(500)
        _ = machine.ask("a", now: later)
        let call = try nextCall(&machine, later)
        let landing = machine.finish(call, .retry("500", answered: true), now: later).landing
        #expect(landing?.isStale == true && landing?.outcome.text == "a")
    }

    @Test("With every record answered from the cache, an open breaker still finds out that the API is back")
    func probesByRefresh() throws {
        var machine = machine(MachineSupport.limits(maxInFlight: 64))
        for number in 0..<10 { machine.fill("hot-\(number)", now: start) }
        var now = start + .seconds(400)
        #expect(!openBreaker(&machine, now))
        _ = machine.abandon(nil)
        #expect(machine.flightCount == 0)
        for _ in 0..<10 where !machine.doors.breaker.isClosed {
            now = now + .seconds(6)
            machine.tick(now: now)
            for number in 0..<10 { #expect(machine.ask("hot-\(number)", now: now) != nil) }
            while let call = machine.nextCall(now: now) {
                _ = machine.finish(call, .resolved("new", bytes: 10), now: now)
            }
        }
        #expect(machine.doors.breaker.isClosed)
    }

    @Test("A 404 is cached for its own time, and contradicts what was cached before")
    func negative() throws {
        var machine = machine()
        machine.fill("a", now: start)
        let later = start + .seconds(500)
        _ = machine.ask("a", now: later)
        let call = try nextCall(&machine, later)
        _ = machine.finish(call, .failed("404", bytes: 20), now: later)
        #expect(machine.ask("a", now: later)?.text == "404")
        let after = machine.ask("a", now: later + .seconds(31))
        #expect(after == nil)
    }

    @Test("A million requests for ten thousand ids within the TTL make no more than ten thousand calls")
    func millionRequests() {
        let limits = MachineSupport.limits(maxInFlight: 64, cache: 32 * 1024 * 1024, heldBytes: 64 * 1024 * 1024)
        var machine = machine(limits)
        var random = SplitMix64(seed: 3)
        var now = start
        var calls = 0
        var underWay: [Machine.Call] = []
        for number in 0..<1_000_000 {
            if number % 100 == 0 { now = now + .milliseconds(10) }
            _ = machine.ask("int-\(Int.random(in: 0..<10_000, using: &random))", now: now)
            while let call = machine.nextCall(now: now) {
                calls += 1
                underWay.append(call)
            }
            // Answers take a while, so that requests for an id under way come too.
            if underWay.count > 32 || number % 10 == 0, !underWay.isEmpty {
                let call = underWay.removeFirst()
                if let landing = machine.finish(call, .resolved("x", bytes: 500), now: now).landing {
                    for waiter in landing.waiters { machine.release(waiter.heldBytes) }
                }
            }
        }
        #expect(calls <= 10_000)
    }

    @Test("A few ids that the API cannot serve open the breaker for a moment, and keep nobody else waiting")
    func poison() {
        var machine = machine(MachineSupport.limits(maxInFlight: 16, maxAttempts: 3, heldBytes: 1_000_000))
        for number in 0..<30 { _ = machine.ask("poison-\(number)", now: start) }
        for number in 0..<300 { _ = machine.ask("good-\(number)", now: start) }
        var now = start
        var (resolved, failed) = (0, 0)
        var doneAfter: Duration?
        while machine.flightCount > 0, start.duration(to: now) < .seconds(120) {
            now = now + .milliseconds(20)
            machine.tick(now: now)
            while let call = machine.nextCall(now: now) {
                let isPoison = call.text.hasPrefix("poison")
                let verdict: CallVerdict<String, String> =
                    isPoison ? .retry("500", answered: true) : .resolved("x", bytes: 1)
                guard let landing = machine.finish(call, verdict, now: now).landing else { continue }
                switch landing.outcome {
                case .resolved: resolved += landing.waiters.count
                case .failed: failed += landing.waiters.count
                }
                if resolved == 300, doneAfter == nil { doneAfter = start.duration(to: now) }
            }
        }
        #expect(doneAfter.map { $0 < .seconds(30) } == true, "\(String(describing: doneAfter))")
        #expect(failed == 30, "they end as failures, once others show that the API works")
    }
}
