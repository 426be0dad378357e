/// The circuit breaker: while most calls fail, none is made but a few probes, so that an outage costs no record its attempts.
///
/// Only what may pass counts as failure: 5xx, 408, timeouts, broken connections, answers that cannot be read. It takes
/// failures of several ids: one id that the API cannot serve ends as that record's Failure.
struct CircuitBreaker: Sendable {
    struct Limits: Sendable {
        /// The share of failed calls that opens it.
        var failureRatio: Double
        /// The time over which calls are counted; zero: it never opens.
        var window: Duration
        /// The calls that must be counted before it may open.
        var minimumCalls: Int
        /// The time until it is half open.
        var openFor: Duration
    }

    enum State: Hashable, Sendable {
        case closed
        case open(until: MonotonicInstant)
        case halfOpen
    }

    enum Change: Hashable, Sendable {
        case opened(for: Duration)
        case closed
    }

    /// The state that a call was started in: answers to calls of an earlier one are old news.
    typealias Ticket = UInt32

    /// One that passes closes it: the API is at work, and if most calls fail all the same it opens again. It takes these many
    /// failures to open it again, so that a few ids that the API cannot serve do not keep the others waiting.
    private static let probes = 3

    let limits: Limits
    private(set) var state = State.closed
    private var era: Ticket = 0
    private var window: CallWindow
    private var probesUnderWay = 0
    private var probesFailed = 0

    init(limits: Limits, now: MonotonicInstant) {
        self.limits = limits
        window = CallWindow(length: limits.window, now: now)
    }

    var isClosed: Bool { state == .closed }

    /// Tells one round of probes from another.
    var round: UInt32 { era }

    /// When it changes by itself.
    var changesAt: MonotonicInstant? {
        if case .open(let until) = state { until } else { nil }
    }

    /// Whether a call may be started.
    mutating func permits(now: MonotonicInstant) -> Bool {
        switch state {
        case .closed: return true
        case .open(let until):
            guard now >= until else { return false }
            enter(.halfOpen)
            return true
        case .halfOpen: return probesUnderWay + probesFailed < Self.probes
        }
    }

    mutating func started() -> Ticket {
        if state == .halfOpen { probesUnderWay += 1 }
        return era
    }

    /// A call has ended.
    ///
    /// - Parameter failed: `nil` where its end tells nothing of the API's health, as a 429.
    /// - Returns: whether the failure is the record's own, and what became of the breaker.
    mutating func ended(
        _ ticket: Ticket, failed: Bool?, id: UInt64, now: MonotonicInstant
    ) -> (isCharged: Bool, change: Change?) {
        guard ticket == era else { return (false, nil) }
        switch state {
        case .closed:
            guard let failed else { return (true, nil) }
            window.record(failed: failed, id: id, now: now)
            guard failed, shouldOpen(now) else { return (true, nil) }
            return (false, open(now))
        case .halfOpen:
            probesUnderWay -= 1
            guard let failed else { return (false, nil) }
            if failed {
                probesFailed += 1
                return (false, probesFailed >= Self.probes ? open(now) : nil)
            }
            window = CallWindow(length: limits.window, now: now)
            enter(.closed)
            return (false, .closed)
        case .open: return (false, nil)
        }
    }

    private func shouldOpen(_ now: MonotonicInstant) -> Bool {
        guard limits.window > .zero else { return false }
        guard window.failedIDCount(now: now) >= min(CallWindow.idsRemembered, limits.minimumCalls) else { return false }
        return window.failuresInARow >= limits.minimumCalls
            || window.fails(ratio: limits.failureRatio, minimumCalls: limits.minimumCalls, now: now)
    }

    private mutating func open(_ now: MonotonicInstant) -> Change {
        enter(.open(until: now + limits.openFor))
        return .opened(for: limits.openFor)
    }

    private mutating func enter(_ state: State) {
        self.state = state
        era &+= 1
        probesUnderWay = 0
        probesFailed = 0
    }
}
