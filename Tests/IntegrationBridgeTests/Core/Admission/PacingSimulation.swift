@testable import IntegrationBridge

/// Bridges with work without end at one quota, in virtual time: the same scenario gives the same result.
struct PacingSimulation {
    struct Scenario {
        var kind = QuotaServer.Kind.fixedWindow
        var limit = 3000
        var window = 60.0
        var bridges = 1
        /// Seconds of a call, on average; each way takes half of it, ten per cent more or less.
        var latency = 0.02
        var windows = 10
        /// Windows at the start that are not counted.
        var warmUp = 3
        /// Whether bridges start one after the other over half a window instead of at once.
        var staggered = false
        /// From this window on another limit and length apply.
        var change: (atWindow: Int, limit: Int, window: Double)?
        /// Calls that the API lets be under way at once, from all bridges.
        var concurrency: Int?
        var seed: UInt64 = 1
    }

    struct Result {
        var used = 0.0
        var refused = 0.0
        var spread = 0.0
        var peak = 0.0
    }

    private enum Event {
        case wake(Int, Int)
        case arrival(Int, CallTicket)
        case answer(Int, CallTicket, QuotaServer.Answer)
    }

    private struct Bridge {
        var admission: Admission
        var wakes = 0
        var served = 0
    }

    private let scenario: Scenario
    private let base = MonotonicInstant.now
    private let countFrom: Double
    private let end: Double
    private var server: QuotaServer
    private var random: SplitMix64
    private var events = DueHeap<Event>()
    private var bridges: [Bridge] = []
    private var now = 0.0
    private var underWay = 0

    private var served = 0
    private var refusedCount = 0
    private var tenths: [Int] = []

    init(_ scenario: Scenario) {
        self.scenario = scenario
        random = SplitMix64(seed: scenario.seed)
        let phase = Double.random(in: 0..<1, using: &random) * scenario.window
        server = QuotaServer(kind: scenario.kind, limit: scenario.limit, window: scenario.window, phase: phase)
        countFrom = phase + Double(scenario.warmUp - 1) * scenario.window
        end = phase + Double(scenario.windows - 1) * scenario.window
    }

    static func run(_ scenario: Scenario) -> Result {
        var simulation = PacingSimulation(scenario)
        return simulation.run()
    }

    private func instant(_ seconds: Double) -> MonotonicInstant {
        base + .nanoseconds(Int64(seconds * 1e9))
    }

    private mutating func schedule(_ event: Event, at time: Double) {
        events.insert(event, due: instant(time))
    }

    private mutating func run() -> Result {
        let limits = Admission.Limits(
            maxInFlight: 64, maxRequestsPerSecond: nil,
            gateBackoff: RetrySchedule(initial: .milliseconds(500), maximum: .seconds(30)))
        for index in 0..<scenario.bridges {
            let start = scenario.staggered ? Double.random(in: 0..<scenario.window / 2, using: &random) : 0
            bridges.append(
                Bridge(admission: Admission(limits: limits, seed: random.next(), now: instant(start))))
            schedule(.wake(index, 0), at: start)
        }
        var isChanged = false
        while let due = events.earliest {
            now = base.duration(to: due).inSeconds
            if now >= end { break }
            if let change = scenario.change, !isChanged, now >= Double(change.atWindow) * scenario.window {
                isChanged = true
                server.change(limit: change.limit, window: change.window, now: now)
            }
            guard let event = events.popDue(due) else { break }
            handle(event, due)
        }
        return result()
    }

    private mutating func handle(_ event: Event, _ time: MonotonicInstant) {
        switch event {
        case .wake(let index, let number):
            guard bridges[index].wakes == number else { return }
            pump(index, time)
        case .arrival(let index, let ticket):
            let answer: QuotaServer.Answer
            if let most = scenario.concurrency, underWay >= most {
                answer = server.refuse(at: now)
            } else {
                answer = server.call(at: now)
            }
            underWay += 1
            count(answer, index)
            schedule(.answer(index, ticket, answer), at: now + oneWay())
        case .answer(let index, let ticket, let answer):
            underWay -= 1
            bridges[index].admission.ended(
                ticket, answer.isRefused ? .refused(retryAfter: answer.retryAfter.map { .seconds($0) }) : .answered,
                answer.report, now: time)
            pump(index, time)
        }
    }

    private mutating func oneWay() -> Double {
        scenario.latency / 2 * Double.random(in: 0.9...1.1, using: &random)
    }

    private mutating func pump(_ index: Int, _ time: MonotonicInstant) {
        bridges[index].wakes += 1
        while true {
            switch bridges[index].admission.decide(now: time) {
            case .permitted:
                let ticket = bridges[index].admission.started(now: time)
                schedule(.arrival(index, ticket), at: now + oneWay())
            case .waitUntil(let until):
                let after = max(base.duration(to: until).inSeconds, now + 1e-6)
                schedule(.wake(index, bridges[index].wakes), at: after)
                return
            case .waitForAnswer:
                return
            }
        }
    }

    private mutating func count(_ answer: QuotaServer.Answer, _ index: Int) {
        guard now >= countFrom else { return }
        if answer.isRefused {
            refusedCount += 1
            return
        }
        served += 1
        bridges[index].served += 1
        let tenth = Int((now - countFrom) * 10)
        while tenths.count <= tenth { tenths.append(0) }
        tenths[tenth] += 1
    }

    private func result() -> Result {
        let seconds = end - countFrom
        let (limit, window) = (Double(server.limit), server.window)
        let each = bridges.map { Double($0.served) }
        let mean = max(1e-9, each.reduce(0, +) / Double(each.count))
        return Result(
            used: Double(served) / (limit * seconds / window),
            refused: Double(refusedCount) / Double(max(1, served + refusedCount)),
            spread: ((each.max() ?? 0) - (each.min() ?? 0)) / mean,
            peak: Double(tenths.max() ?? 0) * 10 / max(1e-9, Double(served) / seconds))
    }
}
