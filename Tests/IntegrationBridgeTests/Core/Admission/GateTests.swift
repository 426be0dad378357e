import Testing

@testable import IntegrationBridge

@Suite("Gate")
struct GateTests {
    private let start = MonotonicInstant.now
    private let backoff = RetrySchedule(initial: .milliseconds(500), maximum: .seconds(30))

    private func close(
        _ gate: inout Gate, sentAt: Duration, wait: Duration?, at now: Duration, seed: UInt64 = 1
    ) -> Bool {
        var random = SplitMix64(seed: seed)
        return gate.refuse(
            sentAt: start + sentAt, wait: wait, backoff: backoff, random: &random, now: start + now)
    }

    @Test("A 429 closes it for what the server asked, and a little longer so that not all come back in one moment")
    func jitter() {
        var waits: Set<Duration> = []
        for seed in 1...500 {
            var gate = Gate()
            #expect(close(&gate, sentAt: .zero, wait: .seconds(10), at: .seconds(1), seed: UInt64(seed)))
            let wait = gate.closedUntil.map { start.duration(to: $0) - .seconds(1) } ?? .zero
            #expect(wait >= .seconds(10) && wait <= .milliseconds(10_600), "seed \(seed): \(wait)")
            waits.insert(wait)
            #expect(gate.isClosed(at: start + .seconds(10)) && !gate.isClosed(at: start + .seconds(12)))
        }
        #expect(waits.count > 450)
    }

    @Test("No answer keeps it closed for more than 15 minutes and 5 seconds")
    func longest() {
        for seed in 1...200 {
            var gate = Gate()
            #expect(close(&gate, sentAt: .zero, wait: .seconds(1_000_000), at: .zero, seed: UInt64(seed)))
            let wait = gate.closedUntil.map { start.duration(to: $0) } ?? .zero
            #expect(wait >= .seconds(900) && wait <= .seconds(905))
        }
    }

    @Test(
        "A 429 without a time closes it for a full jitter that grows with closures in a row, and not beyond its maximum"
    )
    func growing() {
        var longest = Array(repeating: Duration.zero, count: 10)
        for seed in 1...300 {
            var gate = Gate()
            for closure in 0..<10 {
                let now = Duration.seconds(100 * (closure + 1))
                #expect(close(&gate, sentAt: now, wait: nil, at: now, seed: UInt64(1000 * closure + seed)))
                let wait = gate.closedUntil.map { start.duration(to: $0) - now } ?? .zero
                #expect(wait <= backoff.ceiling(afterAttempt: closure + 1))
                longest[closure] = max(longest[closure], wait)
            }
            #expect(gate.closures == 10)
        }
        #expect(longest[0] > .milliseconds(450) && longest[3] > .seconds(3) && longest[9] > .seconds(28))
    }

    @Test("429s to calls from before it closed are no closures, and do not prolong it by what rounding explains")
    func late() {
        var gate = Gate()
        #expect(close(&gate, sentAt: .seconds(9), wait: .seconds(5), at: .seconds(10)))
        let until = gate.closedUntil
        #expect(!close(&gate, sentAt: .milliseconds(9900), wait: .seconds(5), at: .milliseconds(10_900)))
        #expect(!close(&gate, sentAt: .milliseconds(9900), wait: nil, at: .milliseconds(10_900)))
        #expect(gate.closedUntil == until)
        #expect(gate.closures == 1)
        // Nor when they come after it opened.
        #expect(!close(&gate, sentAt: .seconds(10), wait: .seconds(5), at: .seconds(17)))
        #expect(gate.closedUntil == until)
    }

    @Test("A late 429 that asks for much more than the first is heeded")
    func longerWait() {
        var gate = Gate()
        #expect(close(&gate, sentAt: .seconds(9), wait: nil, at: .seconds(10)))
        #expect(!close(&gate, sentAt: .seconds(10), wait: .seconds(60), at: .milliseconds(10_500)))
        #expect(gate.closedUntil == start + .milliseconds(70_500))
        #expect(gate.closures == 1)
    }

    @Test("Only a call that was sent after it closed shows that the trouble is over")
    func passing() {
        var gate = Gate()
        _ = close(&gate, sentAt: .seconds(9), wait: .seconds(1), at: .seconds(10))
        gate.pass(sentAt: start + .seconds(10))
        #expect(gate.closures == 1)
        gate.pass(sentAt: start + .seconds(12))
        #expect(gate.closures == 0)
    }
}
