/// What the simulated API remembers: limits, tokens, what was counted, and faults that end after some calls.
///
/// A plain value: it is told the time.
struct SimulatorState {
    var counters = SimulatorCounters()
    var outage: Outage?
    var tokenOutage: Outage?
    var credentials: String?
    let requiresTokens: Bool
    var tokens: SimulatorTokens
    var subjectToken: String?
    var latency: Duration
    var limiter: RateLimiter
    var underWay = CallsUnderWay()
    private var faultsDone: [String: Int] = [:]

    init(_ configuration: SimulatorConfiguration, credentials: String?, now: ContinuousClock.Instant) {
        self.credentials = credentials
        requiresTokens = configuration.requiresTokens
        tokens = SimulatorTokens(lifetime: configuration.tokenLifetime)
        subjectToken = configuration.subjectToken
        latency = configuration.latency
        limiter = RateLimiter(configuration.rateLimit, now: now)
    }

    /// Whether a call's credentials are let in.
    func accepts(_ authorization: String?, now: ContinuousClock.Instant) -> Bool {
        if credentials == nil, !requiresTokens { return true }
        if let credentials, credentials == authorization { return true }
        return requiresTokens && tokens.accepts(authorization, now: now)
    }

    /// Whether a fault that ends after `count` calls of this id still holds.
    mutating func holds(_ count: Int, id: String) -> Bool {
        let done = faultsDone[id, default: 0]
        guard done < count else { return false }
        faultsDone[id] = done + 1
        return true
    }

    /// The counters with the windows that have ended by now.
    mutating func snapshot(now: ContinuousClock.Instant) -> SimulatorCounters {
        limiter.roll(now)
        var counters = counters
        counters.windows = limiter.windows
        return counters
    }

    mutating func resetCounters(now: ContinuousClock.Instant) {
        limiter.roll(now)
        limiter.forgetWindows()
        counters = SimulatorCounters()
    }
}
