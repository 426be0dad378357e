/// Which calls a rate limit permits, and how much of it is used. A plain value: it is told the time.
struct RateLimiter {
    typealias Limit = SimulatorConfiguration.RateLimit

    struct Verdict: Equatable {
        var isAllowed: Bool
        var remaining: Int
        /// What `X-RateLimit-Reset` says.
        var reset: Duration
        /// When a call is permitted again.
        var retryAfter: Duration
    }

    /// How many finished windows are remembered.
    private static let rememberedWindows = 10_000

    private(set) var limit: Limit
    /// The finished windows, the last ones of them.
    private(set) var windows: [SimulatorCounters.Window] = []
    private var windowEnd: ContinuousClock.Instant
    /// What was counted in the window that runs.
    private var current: SimulatorCounters.Window
    /// The window that runs was not counted from its start, or not under one limit.
    private var isPartial = false

    /// What is left in a fixed window.
    private var remaining: Int
    /// When the calls of a sliding window were, from `firstCall` on.
    private var calls: [ContinuousClock.Instant] = []
    private var firstCall = 0
    /// What is in the bucket.
    private var tokens: Double
    private var filledAt: ContinuousClock.Instant

    init(_ limit: Limit, now: ContinuousClock.Instant) {
        self.limit = limit
        current = .init(used: 0, limit: limit.limit)
        windowEnd = now + limit.window
        remaining = limit.limit
        tokens = Double(limit.limit)
        filledAt = now
    }

    /// Another limit holds from now on; what is spent of one of the same kind stays spent.
    mutating func change(to new: Limit, now: ContinuousClock.Instant) {
        guard new.kind == limit.kind else {
            let windows = windows
            self = RateLimiter(new, now: now)
            self.windows = windows
            return
        }
        roll(now)
        fill(now)
        if (new.limit, new.window) != (limit.limit, limit.window) { isPartial = true }
        limit = new
        current.limit = new.limit
        remaining = min(remaining, new.limit)
        tokens = min(tokens, Double(new.limit))
        windowEnd = min(windowEnd, now + new.window)
    }

    /// Forgets the finished windows, and leaves out the one that runs.
    mutating func forgetWindows() {
        windows = []
        isPartial = true
    }

    /// Ends the windows whose time is over.
    mutating func roll(_ now: ContinuousClock.Instant) {
        guard now >= windowEnd else { return }
        let passed = Int((windowEnd.duration(to: now) / limit.window).rounded(.down))
        if !isPartial { windows.append(current) }
        for _ in 0..<min(passed, Self.rememberedWindows) { windows.append(.init(used: 0, limit: limit.limit)) }
        if windows.count > Self.rememberedWindows { windows.removeFirst(windows.count - Self.rememberedWindows) }
        windowEnd += limit.window * (passed + 1)
        current = .init(used: 0, limit: limit.limit)
        remaining = limit.limit
        isPartial = false
    }

    /// Takes a call out of the budget, where there is one left.
    ///
    /// - Parameter caller: whose call it is, where that is counted.
    mutating func take(now: ContinuousClock.Instant, caller: String? = nil) -> Verdict {
        roll(now)
        let verdict =
            switch limit.kind {
            case .fixedWindow: takeFromWindow(now)
            case .slidingWindow: takeFromSlidingWindow(now)
            case .tokenBucket: takeFromBucket(now)
            }
        if verdict.isAllowed {
            current.used += 1
            if let caller { current.byCaller[caller, default: 0] += 1 }
        } else {
            current.refused += 1
        }
        return verdict
    }

    /// What is left, with nothing taken.
    mutating func look(now: ContinuousClock.Instant) -> Verdict {
        var copy = self
        var verdict = copy.take(now: now)
        if verdict.isAllowed { verdict.remaining += 1 }
        return verdict
    }

    private mutating func takeFromWindow(_ now: ContinuousClock.Instant) -> Verdict {
        let isAllowed = remaining > 0
        if isAllowed { remaining -= 1 }
        let reset = now.duration(to: windowEnd)
        return Verdict(isAllowed: isAllowed, remaining: remaining, reset: reset, retryAfter: reset)
    }

    private mutating func takeFromSlidingWindow(_ now: ContinuousClock.Instant) -> Verdict {
        while firstCall < calls.count, calls[firstCall] + limit.window <= now { firstCall += 1 }
        if firstCall > 1024, firstCall * 2 > calls.count {
            calls.removeFirst(firstCall)
            firstCall = 0
        }
        let isAllowed = calls.count - firstCall < limit.limit
        if isAllowed { calls.append(now) }
        let count = calls.count - firstCall
        let reset = count > 0 ? now.duration(to: calls[firstCall] + limit.window) : .zero
        // After a limit was lowered, more than one call must be past the window.
        let last = firstCall + max(0, count - limit.limit)
        let retryAfter = last < calls.count ? now.duration(to: calls[last] + limit.window) : reset
        return Verdict(
            isAllowed: isAllowed, remaining: max(0, limit.limit - count), reset: reset, retryAfter: retryAfter)
    }

    private mutating func takeFromBucket(_ now: ContinuousClock.Instant) -> Verdict {
        fill(now)
        let isAllowed = tokens >= 1
        if isAllowed { tokens -= 1 }
        let perToken = limit.window / Double(limit.limit)
        return Verdict(
            isAllowed: isAllowed, remaining: Int(tokens), reset: perToken * (Double(limit.limit) - tokens),
            retryAfter: perToken * max(0, 1 - tokens))
    }

    private mutating func fill(_ now: ContinuousClock.Instant) {
        tokens = min(Double(limit.limit), tokens + filledAt.duration(to: now) / limit.window * Double(limit.limit))
        filledAt = now
    }
}
