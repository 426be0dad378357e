import Testing

@testable import IntegrationBridge

@Suite("ResolverMachine")
struct ResolverMachineTests {
    struct Waiter: FlightWaiter, Hashable {
        var assignment: UInt32 = 1
        var number = 0
        var heldBytes = 100
    }

    typealias Machine = ResolverMachine<Waiter, String, String>

    private let start = ContinuousClock.now

    private func machine(
        maxInFlight: Int = 4, maxAttempts: Int = 3, retryFor: Duration = .seconds(120), cache: Int = 100_000,
        seed: UInt64 = 1
    ) -> Machine {
        Machine(
            limits: ResolverLimits(
                maxInFlight: maxInFlight, maxHeldBytes: 10_000, maxAttempts: maxAttempts, retryFor: retryFor,
                backoff: RetrySchedule(initial: .milliseconds(200), maximum: .seconds(10)),
                doorBackoff: RetrySchedule(initial: .seconds(1), maximum: .seconds(60)), cacheMaxBytes: cache,
                cacheTTL: .seconds(300)),
            seed: seed, now: start)
    }

    private func ask(
        _ id: String, _ waiter: Waiter = Waiter(), of machine: inout Machine, now: ContinuousClock.Instant
    )
        -> String?
    {
        Array(id.utf8).withUnsafeBytes {
            let hash = machine.hash(of: $0)
            if let document = machine.cached($0, hash: hash, now: now) { return document }
            machine.enqueue(waiter, id: $0, hash: hash)
            return nil
        }
    }

    private func nextCall(_ machine: inout Machine, _ now: ContinuousClock.Instant) throws -> Machine.Call {
        let call = machine.nextCall(now: now)
        return try #require(call)
    }

    private func hasCall(_ machine: inout Machine, _ now: ContinuousClock.Instant) -> Bool {
        machine.nextCall(now: now) != nil
    }

    private func abandon(_ assignment: UInt32, evenCalling: Bool, _ machine: inout Machine) -> Int {
        evenCalling ? machine.abandon([assignment]).count : machine.giveBackWaiting([assignment], now: start).count
    }

    private func id(_ call: Machine.Call) -> String { String(decoding: call.id, as: UTF8.self) }

    @Test("A hundred records that ask for one id make one call, and all get its answer")
    func coalescing() throws {
        var machine = machine()
        for number in 0..<100 { _ = ask("a", Waiter(number: number), of: &machine, now: start) }
        let call = try nextCall(&machine, start)
        #expect(!hasCall(&machine, start))
        guard
            case .landed(.resolved("A"), let waiters, let attempts) = machine.complete(
                call, .resolved("A", bytes: 1), now: start)
        else {
            Issue.record("the flight did not land")
            return
        }
        #expect(waiters.map(\.number) == Array(0..<100))
        #expect(attempts == 1)
        #expect(ask("a", of: &machine, now: start) == "A")
    }

    @Test("No more calls run at once than are allowed")
    func bounded() {
        var machine = machine(maxInFlight: 3)
        for number in 0..<10 { _ = ask("id-\(number)", of: &machine, now: start) }
        var calls = 0
        while machine.nextCall(now: start) != nil { calls += 1 }
        #expect(calls == 3)
        #expect(machine.isFull)
    }

    @Test("A failure that may pass is retried after its backoff until the attempts are used up")
    func retries() throws {
        var machine = machine(maxAttempts: 3)
        _ = ask("a", of: &machine, now: start)
        var now = start
        for attempt in 1...3 {
            let call = try nextCall(&machine, now)
            let completion = machine.complete(call, .retry("503"), now: now)
            if attempt < 3 {
                guard case .tryingAgain = completion else {
                    Issue.record("gave up after attempt \(attempt)")
                    return
                }
                #expect(!hasCall(&machine, now))
                now = try #require(machine.nextDue)
                machine.tick(now: now)
            } else {
                guard case .landed(.failed("503"), _, 3) = completion else {
                    Issue.record("did not fail after the last attempt")
                    return
                }
            }
        }
        #expect(machine.flightCount == 0)
    }

    @Test("Time runs out before attempts do where `retryFor` is short")
    func retryTime() throws {
        var machine = machine(maxAttempts: 1000, retryFor: .seconds(3))
        _ = ask("a", of: &machine, now: start)
        var now = start
        while true {
            let call = try nextCall(&machine, now)
            if case .landed(.failed, _, let attempts) = machine.complete(call, .retry("x"), now: now) {
                #expect(attempts > 1 && attempts < 1000)
                break
            }
            now = try #require(machine.nextDue)
            machine.tick(now: now)
        }
        #expect(start.duration(to: now) <= .seconds(3))
    }

    @Test("Turned away: one door for all, no attempt is lost, time behind it is not charged, and it opens by itself")
    func door() throws {
        var machine = machine(maxAttempts: 2, retryFor: .seconds(5))
        _ = ask("a", of: &machine, now: start)
        _ = ask("b", of: &machine, now: start)
        let first = try nextCall(&machine, start)
        let second = try nextCall(&machine, start)
        guard
            case .doorClosed(.rateLimited, for: .seconds(600)) = machine.complete(
                first, .turnedAway(.rateLimited, after: .seconds(600)), now: start)
        else {
            Issue.record("the door stayed open")
            return
        }
        guard case .tryingAgain = machine.complete(second, .turnedAway(.rateLimited, after: .seconds(1)), now: start)
        else {
            Issue.record("one closing was reported twice")
            return
        }
        #expect(!hasCall(&machine, start + .seconds(599)))
        let opening = start + .seconds(600)
        #expect(machine.nextDue == opening)
        machine.tick(now: opening)
        let again = try nextCall(&machine, opening)
        guard case .tryingAgain = machine.complete(again, .retry("503"), now: opening) else {
            Issue.record("time behind the door was charged to the record")
            return
        }
        let third = try nextCall(&machine, opening)
        guard
            case .landed(.resolved, _, let attempts) = machine.complete(
                third, .resolved("B", bytes: 1), now: opening)
        else {
            Issue.record("did not land")
            return
        }
        #expect(attempts == 1)
    }

    @Test("An answer without a time closes the door for longer each time in a row")
    func doorBackoff() throws {
        var machine = machine()
        var now = start
        _ = ask("a", of: &machine, now: now)
        var longest: [Duration] = []
        for _ in 0..<8 {
            machine.tick(now: now)
            let call = try nextCall(&machine, now)
            guard
                case .doorClosed(.unauthorized, for: let wait) = machine.complete(
                    call, .turnedAway(.unauthorized, after: nil), now: now)
            else {
                Issue.record("not closed")
                return
            }
            longest.append(wait)
            now = now + wait
        }
        #expect(longest.max()! > .seconds(1))
        #expect(machine.flightCount == 1)
    }

    @Test("What a partition took with it is given back, and a call under way for it still fills the cache")
    func abandoned() throws {
        var machine = machine(maxInFlight: 1)
        _ = ask("calling", Waiter(assignment: 1), of: &machine, now: start)
        _ = ask("queued", Waiter(assignment: 1), of: &machine, now: start)
        _ = ask("queued", Waiter(assignment: 2), of: &machine, now: start)
        _ = ask("only-mine", Waiter(assignment: 1), of: &machine, now: start)
        let call = try nextCall(&machine, start)
        #expect(abandon(1, evenCalling: false, &machine) == 2)
        #expect(machine.heldBytes == 200)
        #expect(machine.flightCount == 2)
        #expect(abandon(1, evenCalling: true, &machine) == 1)
        guard case .landed(_, let waiters, _) = machine.complete(call, .resolved("C", bytes: 1), now: start) else {
            Issue.record("did not land")
            return
        }
        #expect(waiters.isEmpty)
        #expect(ask("calling", of: &machine, now: start) == "C")
        #expect(id(try nextCall(&machine, start)) == "queued")
        #expect(!hasCall(&machine, start))
    }

    @Test("A door that closes while nothing is ready opens again for what comes later")
    func doorWithoutFlights() throws {
        var machine = machine()
        _ = ask("gone", of: &machine, now: start)
        let call = try nextCall(&machine, start)
        #expect(abandon(1, evenCalling: true, &machine) == 1)
        _ = machine.complete(call, .turnedAway(.rateLimited, after: .seconds(15)), now: start)
        #expect(machine.flightCount == 0)
        #expect(machine.nextDue == start + .seconds(15))
        _ = ask("later", of: &machine, now: start + .seconds(1))
        #expect(!hasCall(&machine, start + .seconds(14)))
        machine.tick(now: start + .seconds(15))
        #expect(id(try nextCall(&machine, start + .seconds(15))) == "later")
    }

    @Test("What waits for another attempt when its partition goes gets it at once, and is not given back")
    func lastAttempt() throws {
        var machine = machine()
        _ = ask("a", of: &machine, now: start)
        let call = try nextCall(&machine, start)
        _ = machine.complete(call, .retry("503"), now: start)
        #expect(!hasCall(&machine, start))
        #expect(abandon(1, evenCalling: false, &machine) == 0)
        #expect(id(try nextCall(&machine, start)) == "a")
        machine.tick(now: start + .seconds(60))
        #expect(machine.readyCount == 0, "its old backoff must not make it ready again")
    }

    @Test("While draining, what would have to try again is given back, and what is answered still lands")
    func draining() throws {
        var machine = machine(maxInFlight: 3)
        for id in ["retried", "turned away", "answered", "queued"] { _ = ask(id, of: &machine, now: start) }
        let calls = try (0..<3).map { _ in try nextCall(&machine, start) }
        let queued = machine.beginDraining(now: start)
        #expect(queued.count == 1)
        guard case .givenUp(let first) = machine.complete(calls[0], .retry("503"), now: start),
            case .givenUp(let second) = machine.complete(calls[1], .turnedAway(.rateLimited, after: nil), now: start),
            case .landed(_, let third, _) = machine.complete(calls[2], .resolved("A", bytes: 1), now: start)
        else {
            Issue.record("not given back, or not landed")
            return
        }
        #expect([first, second, third].map(\.count) == [1, 1, 1])
        #expect(machine.flightCount == 0)
        #expect(machine.nextDue == nil)
    }

    @Test("Whatever the answers, every record gets exactly one outcome and nothing is left", arguments: 0..<300)
    func simulation(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var machine = machine(maxInFlight: 5, cache: seed % 3 == 0 ? 0 : 3000, seed: UInt64(seed))
        var now = start
        var waiting = Set<Int>()
        var calls: [Machine.Call] = []
        var idsInFlight = Set<String>()
        var next = 0
        var draining = false
        for step in 0..<4000 {
            now = now + .milliseconds(Int.random(in: 0..<50, using: &random))
            machine.tick(now: now)
            if step > 2000 { draining = true }
            if draining, waiting.isEmpty { break }
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4 where !draining && !machine.isFull:
                let waiter = Waiter(assignment: UInt32.random(in: 1...3, using: &random), number: next)
                if ask("id-\(Int.random(in: 0..<40, using: &random))", waiter, of: &machine, now: now) == nil {
                    waiting.insert(next)
                }
                next += 1
            case 4..<7:
                guard let call = machine.nextCall(now: now) else { continue }
                #expect(idsInFlight.insert(id(call)).inserted, "two calls for one id; seed \(seed)")
                calls.append(call)
                #expect(calls.count <= 5, "seed \(seed)")
            case 7 where !draining && Int.random(in: 0..<50, using: &random) == 0:
                for waiter in machine.abandon([2]) {
                    #expect(waiting.remove(waiter.number) != nil, "given back twice; seed \(seed)")
                }
            default:
                guard !calls.isEmpty else { continue }
                let call = calls.remove(at: Int.random(in: 0..<calls.count, using: &random))
                idsInFlight.remove(id(call))
                let verdict: CallVerdict<String, String> =
                    switch Int.random(in: 0..<10, using: &random) {
                    case 0..<5: .resolved(id(call), bytes: 10)
                    case 5: .failed("404")
                    case 6: .turnedAway(.rateLimited, after: Bool.random(using: &random) ? .milliseconds(100) : nil)
                    default: .retry("500")
                    }
                if case .landed(_, let waiters, _) = machine.complete(call, verdict, now: now) {
                    for waiter in waiters {
                        #expect(waiting.remove(waiter.number) != nil, "an outcome twice; seed \(seed)")
                        machine.release(waiter.heldBytes)
                    }
                }
            }
        }
        while !waiting.isEmpty {
            now = max(now, machine.nextDue ?? now)
            machine.tick(now: now)
            if let call = machine.nextCall(now: now) { calls.append(call) }
            guard let call = calls.popLast() else {
                Issue.record("stuck with \(waiting.count) records; seed \(seed)")
                return
            }
            if case .landed(_, let waiters, _) = machine.complete(call, .resolved("x", bytes: 1), now: now) {
                for waiter in waiters {
                    waiting.remove(waiter.number)
                    machine.release(waiter.heldBytes)
                }
            }
        }
        for call in calls { _ = machine.complete(call, .failed("late"), now: now) }
        #expect(machine.heldBytes == 0, "seed \(seed)")
        #expect(machine.flightCount == 0, "seed \(seed)")
        #expect(machine.callCount == 0, "seed \(seed)")
    }
}
