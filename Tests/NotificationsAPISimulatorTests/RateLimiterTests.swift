import Testing

@testable import NotificationsAPISimulator

@Suite("The simulator's limits, moment by moment")
struct RateLimiterTests {
    private typealias Limit = SimulatorConfiguration.RateLimit
    private let start = ContinuousClock.now

    private func allowed(_ limiter: inout RateLimiter, _ calls: Int, at time: Duration) -> Int {
        (0..<calls).count { _ in limiter.take(now: start + time).isAllowed }
    }

    private func take(_ limiter: inout RateLimiter, at time: Duration) -> RateLimiter.Verdict {
        limiter.take(now: start + time)
    }

    private func begin(_ calls: inout CallsUnderWay, _ limit: Int?, at time: Duration = .zero) -> Bool {
        calls.begin(limit: limit, now: start + time)
    }

    @Test("A fixed window has its budget at once, nothing when it is spent, and all of it again at its end")
    func fixedWindow() {
        var limiter = RateLimiter(Limit(limit: 10, window: .seconds(10)), now: start)
        #expect(take(&limiter, at: .seconds(4)).reset == .seconds(6))
        #expect(allowed(&limiter, 20, at: .milliseconds(9_999)) == 9)
        #expect(allowed(&limiter, 20, at: .seconds(10)) == 10)
        #expect(allowed(&limiter, 20, at: .seconds(35)) == 10)
        let verdict = limiter.take(now: start + .seconds(36))
        #expect(verdict == .init(isAllowed: false, remaining: 0, reset: .seconds(4), retryAfter: .seconds(4)))
    }

    @Test("A sliding window never permits more than its limit in any stretch of its length")
    func slidingWindow() {
        var limiter = RateLimiter(Limit(limit: 10, window: .seconds(10), kind: .slidingWindow), now: start)
        #expect(allowed(&limiter, 6, at: .seconds(5)) == 6)
        #expect(allowed(&limiter, 6, at: .seconds(9)) == 4)
        // A fixed window would begin anew here.
        #expect(allowed(&limiter, 6, at: .seconds(10)) == 0)
        let verdict = limiter.take(now: start + .seconds(12))
        #expect(verdict == .init(isAllowed: false, remaining: 0, reset: .seconds(3), retryAfter: .seconds(3)))
        #expect(allowed(&limiter, 20, at: .seconds(15)) == 6)
        #expect(allowed(&limiter, 20, at: .seconds(19)) == 4)
    }

    @Test("A sliding window stays right over more calls than it holds")
    func longSlidingWindow() {
        var limiter = RateLimiter(Limit(limit: 100, window: .seconds(1), kind: .slidingWindow), now: start)
        var times: [Duration] = []
        for step in 0..<20_000 {
            let time = Duration.milliseconds(step * 3)
            if limiter.take(now: start + time).isAllowed { times.append(time) }
        }
        #expect(times.count > 5_900)
        for index in times.indices.dropFirst(100) {
            #expect(times[index] - times[index - 100] >= .seconds(1))
        }
    }

    @Test("A bucket permits a burst, then as many as flow in; Reset is the time until it is full again")
    func tokenBucket() {
        var limiter = RateLimiter(Limit(limit: 10, window: .seconds(10), kind: .tokenBucket), now: start)
        #expect(take(&limiter, at: .zero).reset == .seconds(1))
        #expect(allowed(&limiter, 20, at: .zero) == 9)
        let verdict = limiter.take(now: start + .milliseconds(400))
        #expect(!verdict.isAllowed && verdict.remaining == 0)
        #expect(abs(verdict.reset / .seconds(1) - 9.6) < 0.001)
        #expect(abs(verdict.retryAfter / .seconds(1) - 0.6) < 0.001)
        #expect(allowed(&limiter, 20, at: .milliseconds(3_500)) == 3)
        #expect(allowed(&limiter, 20, at: .seconds(100)) == 10)
    }

    @Test("What is spent stays spent when the limit changes, and a limit of another kind begins anew")
    func change() {
        for kind in Limit.Kind.allCases {
            var limiter = RateLimiter(Limit(limit: 10, window: .seconds(100), kind: kind), now: start)
            #expect(allowed(&limiter, 20, at: .zero) == 10)
            limiter.change(to: Limit(limit: 10, window: .seconds(50), kind: kind), now: start)
            #expect(allowed(&limiter, 20, at: .zero) == 0, "\(kind)")
            #expect(allowed(&limiter, 20, at: .seconds(50)) == 10, "\(kind)")
            let other = Limit.Kind.allCases.first { $0 != kind } ?? kind
            limiter.change(to: Limit(limit: 3, window: .seconds(50), kind: other), now: start + .seconds(50))
            #expect(allowed(&limiter, 20, at: .seconds(50)) == 3, "\(kind)")
        }
    }

    @Test(
        "How much of each window was used is known once it has ended, idle ones too; a window that was cut is left out")
    func windows() {
        var limiter = RateLimiter(Limit(limit: 10, window: .seconds(10)), now: start)
        #expect(allowed(&limiter, 4, at: .zero) == 4)
        #expect(limiter.windows.isEmpty)
        #expect(allowed(&limiter, 30, at: .seconds(10)) == 10)
        limiter.roll(start + .seconds(45))
        #expect(limiter.windows.map(\.used) == [4, 10, 0, 0])
        #expect(limiter.windows.allSatisfy { $0.limit == 10 })
        limiter.change(to: Limit(limit: 5, window: .seconds(10)), now: start + .seconds(46))
        limiter.roll(start + .seconds(60))
        #expect(limiter.windows.map(\.limit) == [10, 10, 10, 10, 5])
        limiter.forgetWindows()
        limiter.roll(start + .seconds(80))
        #expect(limiter.windows.count == 1)
        limiter.roll(start + .seconds(86_400 * 365))
        #expect(limiter.windows.count == 10_000)
    }

    @Test("Of each window it is known what it refused, and who was let in")
    func windowsByCaller() {
        var limiter = RateLimiter(Limit(limit: 3, window: .seconds(10)), now: start)
        for caller in ["a", "b", "a", "b", "b"] { _ = limiter.take(now: start, caller: caller) }
        _ = limiter.take(now: start + .seconds(10), caller: "b")
        limiter.roll(start + .seconds(20))
        #expect(limiter.windows.map(\.refused) == [2, 0])
        #expect(limiter.windows.map(\.byCaller) == [["a": 2, "b": 1], ["b": 1]])
    }

    @Test("Calls are under way until their time, and as many as may be")
    func underWay() {
        var calls = CallsUnderWay()
        #expect(begin(&calls, 2))
        #expect(begin(&calls, 2))
        #expect(!begin(&calls, 2))
        calls.decided(in: .zero, now: start)
        #expect(begin(&calls, 2))
        calls.decided(in: .seconds(1), now: start)
        calls.decided(in: .seconds(2), now: start)
        #expect(!begin(&calls, 2, at: .milliseconds(999)))
        #expect(begin(&calls, 2, at: .seconds(1)))
        #expect(begin(&calls, nil, at: .seconds(1)))
    }
}
