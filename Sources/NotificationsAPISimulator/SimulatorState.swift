/// What the simulated API remembers: the rate limit's window, what was counted, and faults that end after some calls.
///
/// A plain value: it is told the time.
struct SimulatorState {
    var counters = SimulatorCounters()
    var outage: Outage?
    var credentials: String?
    var latency: Duration
    var rateLimit: SimulatorConfiguration.RateLimit {
        didSet { remaining = min(remaining, rateLimit.limit) }
    }
    private(set) var remaining: Int
    private var windowEnd: ContinuousClock.Instant
    private var faultsDone: [String: Int] = [:]

    init(_ configuration: SimulatorConfiguration, credentials: String?, now: ContinuousClock.Instant) {
        self.credentials = credentials
        latency = configuration.latency
        rateLimit = configuration.rateLimit
        remaining = configuration.rateLimit.limit
        windowEnd = now + configuration.rateLimit.window
    }

    /// Takes a call out of the window's budget.
    ///
    /// - Returns: whether there was one left, and the whole seconds until the window's end, rounded up.
    mutating func takeCall(now: ContinuousClock.Instant) -> (isAllowed: Bool, reset: Int) {
        if now >= windowEnd {
            remaining = rateLimit.limit
            let passed = windowEnd.duration(to: now) / rateLimit.window
            windowEnd += rateLimit.window * (passed.rounded(.down) + 1)
        }
        let isAllowed = remaining > 0
        if isAllowed { remaining -= 1 }
        return (isAllowed, max(1, Int((now.duration(to: windowEnd) / .seconds(1)).rounded(.up))))
    }

    /// Whether a fault that ends after `count` calls of this id still holds.
    mutating func holds(_ count: Int, id: String) -> Bool {
        let done = faultsDone[id, default: 0]
        guard done < count else { return false }
        faultsDone[id] = done + 1
        return true
    }
}
