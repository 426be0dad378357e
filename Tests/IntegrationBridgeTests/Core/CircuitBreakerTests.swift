import Testing

@testable import IntegrationBridge

@Suite("CircuitBreaker")
struct CircuitBreakerTests {
    private let start = MonotonicInstant.now
    private let limits = CircuitBreaker.Limits(
        failureRatio: 0.5, window: .seconds(10), minimumCalls: 20, openFor: .seconds(5))

    private func run(
        _ breaker: inout CircuitBreaker, _ count: Int, failed: Bool?, ids: Int = 100, at now: MonotonicInstant
    ) -> [CircuitBreaker.Change] {
        (0..<count).compactMap { number in
            let ticket = breaker.started()
            return breaker.ended(ticket, failed: failed, id: UInt64(number % ids), now: now).change
        }
    }

    @Test("It opens at the ratio, not below the minimum of calls, and the failure that opens it is not charged")
    func opens() {
        var breaker = CircuitBreaker(limits: limits, now: start)
        #expect(run(&breaker, 19, failed: true, at: start).isEmpty)
        let ticket = breaker.started()
        let (isCharged, change) = breaker.ended(ticket, failed: true, id: 99, now: start)
        #expect(!isCharged)
        #expect(change == .opened(for: .seconds(5)))
        let permits = breaker.permits(now: start + .seconds(4))
        #expect(!permits)
    }

    @Test("Half of the calls over the window open it, less does not")
    func ratio() {
        var breaker = CircuitBreaker(limits: limits, now: start)
        var now = start
        for number in 0..<400 {
            now = now + .milliseconds(20)
            let ticket = breaker.started()
            let change = breaker.ended(ticket, failed: number % 5 < 2, id: UInt64(number), now: now).change
            #expect(change == nil, "two of five failed")
        }
        var opened = false
        for number in 0..<400 where !opened {
            now = now + .milliseconds(20)
            let ticket = breaker.started()
            opened = breaker.ended(ticket, failed: number % 5 < 3, id: UInt64(number), now: now).change != nil
        }
        #expect(opened, "three of five failed")
    }

    @Test("One id that always fails never opens it, whatever it takes")
    func oneID() {
        var breaker = CircuitBreaker(limits: limits, now: start)
        #expect(run(&breaker, 1000, failed: true, ids: 1, at: start).isEmpty)
        #expect(run(&breaker, 1000, failed: true, ids: 2, at: start).isEmpty)
        #expect(!run(&breaker, 1000, failed: true, ids: 3, at: start).isEmpty)
    }

    @Test("Failures older than the window do not count")
    func slides() {
        var breaker = CircuitBreaker(limits: limits, now: start)
        #expect(run(&breaker, 15, failed: true, at: start).isEmpty)
        #expect(run(&breaker, 30, failed: false, at: start).isEmpty)
        let later = start + .seconds(11)
        #expect(run(&breaker, 15, failed: true, at: later).isEmpty)
        #expect(breaker.isClosed)
    }

    @Test("Half open, one of a few probes that passes closes it; only they count")
    func halfOpen() {
        var breaker = CircuitBreaker(limits: limits, now: start)
        let early = breaker.started()
        _ = run(&breaker, 20, failed: true, at: start)
        let now = start + .seconds(5)
        var probes: [CircuitBreaker.Ticket] = []
        while breaker.permits(now: now) { probes.append(breaker.started()) }
        #expect(probes.count == 3)
        #expect(breaker.ended(early, failed: false, id: 1, now: now) == (false, nil), "an answer from before")
        #expect(breaker.ended(probes[0], failed: true, id: 1, now: now) == (false, nil))
        #expect(breaker.ended(probes[1], failed: true, id: 2, now: now) == (false, nil))
        #expect(breaker.ended(probes[2], failed: false, id: 3, now: now) == (false, .closed))
        #expect(breaker.isClosed)
    }

    @Test("A probe that a rate limit answers decides nothing, and leaves its place to another")
    func inconclusive() {
        var breaker = CircuitBreaker(limits: limits, now: start)
        _ = run(&breaker, 20, failed: true, at: start)
        let now = start + .seconds(5)
        _ = breaker.permits(now: now)
        for _ in 0..<10 {
            #expect(run(&breaker, 1, failed: nil, at: now).isEmpty)
            let permits = breaker.permits(now: now)
            #expect(permits)
        }
        #expect(run(&breaker, 3, failed: true, at: now) == [.opened(for: .seconds(5))])
    }

    @Test("A window of zero turns it off")
    func off() {
        var off = limits
        off.window = .zero
        var breaker = CircuitBreaker(limits: off, now: start)
        #expect(run(&breaker, 10_000, failed: true, at: start).isEmpty)
    }

    @Test("Whatever comes, it never sticks: once calls succeed it closes within two openings", arguments: 0..<200)
    func recovers(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var breaker = CircuitBreaker(limits: limits, now: start)
        var now = start
        var underWay: [CircuitBreaker.Ticket] = []
        for _ in 0..<3000 {
            now = now + .milliseconds(Int.random(in: 0..<40, using: &random))
            if Bool.random(using: &random), underWay.count < 64, breaker.permits(now: now) {
                underWay.append(breaker.started())
            } else if let ticket = underWay.popLast() {
                let kind = Int.random(in: 0..<10, using: &random)
                _ = breaker.ended(
                    ticket, failed: kind == 0 ? nil : kind < 8, id: .random(in: 0..<50, using: &random), now: now)
            }
        }
        for ticket in underWay { _ = breaker.ended(ticket, failed: nil, id: 0, now: now) }
        for _ in 0..<400 where !breaker.isClosed {
            now = now + .milliseconds(50)
            guard breaker.permits(now: now) else { continue }
            _ = breaker.ended(breaker.started(), failed: false, id: 1, now: now)
        }
        #expect(breaker.isClosed, "seed \(seed)")
    }
}
