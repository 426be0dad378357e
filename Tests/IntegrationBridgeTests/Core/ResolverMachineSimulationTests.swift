import Testing

@testable import IntegrationBridge

@Suite("ResolverMachine: simulation")
struct ResolverMachineSimulationTests {
    typealias Waiter = MachineSupport.Waiter
    typealias Machine = MachineSupport.Machine

    private let start = MonotonicInstant.now

    @Test("Whatever the answers, every record gets exactly one outcome and nothing is left", arguments: 0..<400)
    func simulation(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var machine = MachineSupport.machine(
            MachineSupport.limits(maxInFlight: 5, cache: seed % 3 == 0 ? 0 : 20_000), seed: UInt64(seed), now: start)
        var now = start
        var waiting = Set<Int>()
        var calls: [Machine.Call] = []
        var idsInFlight = Set<String>()
        var next = 0
        var draining = false
        var isFailing = false
        func land(_ landing: Machine.Landing) {
            for waiter in landing.waiters {
                #expect(waiting.remove(waiter.number) != nil, "an outcome twice; seed \(seed)")
                machine.release(waiter.heldBytes)
            }
        }
        for step in 0..<4000 {
            now = now + .milliseconds(Int.random(in: 0..<50, using: &random))
            if Int.random(in: 0..<1000, using: &random) == 0 { now = now + .seconds(400) }
            if Int.random(in: 0..<200, using: &random) == 0 { isFailing.toggle() }
            machine.tick(now: now)
            if step > 2000 { draining = true }
            if draining, waiting.isEmpty { break }
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4 where !draining && !machine.isFull:
                let waiter = Waiter(assignment: UInt32.random(in: 1...3, using: &random), number: next)
                if machine.ask("id-\(Int.random(in: 0..<40, using: &random))", waiter, now: now) == nil {
                    waiting.insert(next)
                }
                next += 1
            case 4..<7:
                let could = machine.hasWork(now: now)
                switch machine.nextWork(now: now) {
                case .call(let call):
                    #expect(could, "seed \(seed)")
                    #expect(idsInFlight.insert(call.text).inserted, "two calls for one id; seed \(seed)")
                    calls.append(call)
                    #expect(calls.count <= 5, "seed \(seed)")
                case .landed(let landing): land(landing)
                case nil: break
                }
            case 7 where !draining && Int.random(in: 0..<50, using: &random) == 0:
                for waiter in machine.abandon([2]) {
                    #expect(waiting.remove(waiter.number) != nil, "given back twice; seed \(seed)")
                }
                machine.doors.credentialsChanged(areThere: true, now: now)
            default:
                guard !calls.isEmpty else { continue }
                let call = calls.remove(at: Int.random(in: 0..<calls.count, using: &random))
                idsInFlight.remove(call.text)
                let kind = isFailing ? Int.random(in: 6..<30, using: &random) : Int.random(in: 0..<12, using: &random)
                let verdict: CallVerdict<String, String> =
                    switch kind {
                    case 0..<6: .resolved(call.text, bytes: 10)
                    case 6: .failed("404", bytes: 10)
                    case 7: .failed("400", bytes: nil)
                    case 8: .rateLimited(retryAfter: Bool.random(using: &random) ? .milliseconds(100) : nil)
                    case 9: .unauthorized("401")
                    case 10: .callAgain
                    default: .retry("500", answered: Bool.random(using: &random))
                    }
                if let landing = machine.finish(call, verdict, now: now).landing { land(landing) }
            }
        }
        var steps = 0
        while !waiting.isEmpty {
            steps += 1
            let due = machine.nextDue(now: now)
            now = max(now, due ?? now)
            machine.tick(now: now)
            switch machine.nextWork(now: now) {
            case .call(let call): calls.append(call)
            case .landed(let landing): land(landing)
            case nil: break
            }
            if let call = calls.popLast() {
                if let landing = machine.finish(call, .resolved("x", bytes: 1), now: now).landing { land(landing) }
            } else if steps > 100_000 {
                Issue.record("stuck with \(waiting.count) records; seed \(seed)")
                return
            }
        }
        for call in calls { _ = machine.finish(call, .failed("late", bytes: nil), now: now) }
        _ = machine.beginDraining(now: now)
        #expect(machine.heldBytes == 0, "seed \(seed)")
        #expect(machine.flightCount == 0, "seed \(seed)")
        #expect(machine.callCount == 0, "seed \(seed)")
        #expect(machine.readyCount == 0 && machine.refreshes.count == 0, "seed \(seed)")
    }

    @Test(
        "With a quota that is never short, calls of any length keep going: there is always a call under way or a time to wait for",
        arguments: 0..<200)
    func ampleQuota(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var machine = MachineSupport.machine(
            MachineSupport.limits(maxInFlight: 64, cache: 0, heldBytes: 100_000_000), seed: UInt64(seed), now: start)
        let slowest = [20, 200, 3000, 9000][seed % 4]
        let window = Double([10, 60][seed / 4 % 2])
        var now = start + .milliseconds(Int.random(in: 0..<60_000, using: &random))
        let began = now
        for number in 0..<3000 { _ = machine.ask("id-\(number)", now: now) }
        var underWay: [(call: Machine.Call, at: MonotonicInstant, budget: BudgetReport)] = []
        var spent: [Int: Int] = [:]
        var landed = 0
        while landed < 3000 {
            machine.tick(now: now)
            while let call = machine.nextCall(now: now) {
                // Answered at the server half way, so that answers overtake each other.
                let way = Duration.milliseconds(Int.random(in: 5..<slowest, using: &random))
                let atServer = start.duration(to: now + way / 2) / .seconds(1)
                let number = Int(atServer / window)
                spent[number, default: 0] += 1
                let left = (Double(number + 1) * window - atServer).rounded(.up)
                underWay.append(
                    (
                        call, now + way,
                        BudgetReport(
                            limit: 1_000_000, remaining: 1_000_000 - spent[number, default: 0],
                            reset: .seconds(max(1, left)))
                    ))
            }
            let due = machine.nextDue(now: now)
            let answer = underWay.map(\.at).min()
            guard let next = [due, answer].compactMap({ $0 }).min() else {
                Issue.record("nothing is under way and nothing is due; seed \(seed)")
                return
            }
            now = max(now + .microseconds(50), next)
            for index in underWay.indices.reversed() where underWay[index].at <= now {
                let done = underWay.remove(at: index)
                let verdict = CallVerdict<String, String>.resolved("x", bytes: 1)
                if let landing = machine.finish(done.call, verdict, budget: done.budget, now: now).landing {
                    landed += landing.waiters.count
                }
            }
        }
        // 64 at a time, and a few round trips to begin with and after each reset.
        let ideal = Double(3000) / 64 * Double(slowest) / 1000
        let took = began.duration(to: now) / .seconds(1)
        #expect(took < 3 * ideal + 12 * Double(slowest) / 1000 + 1, "\(took) s for \(ideal) s; seed \(seed)")
    }
}
