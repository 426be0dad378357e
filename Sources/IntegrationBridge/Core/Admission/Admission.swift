/// Whether another call may be made now: the gate, the number of calls under way, and the pace, as one plain value.
///
/// Asked before each call, told of each start and each end. Many bridges that share one quota come out even without talking to
/// each other: see ``SpendingShare``.
struct Admission: Sendable {
    enum Decision: Hashable, Sendable {
        case permitted
        case waitUntil(MonotonicInstant)
        /// Nothing can change before a call under way ends.
        case waitForAnswer
    }

    struct Limits: Sendable {
        var maxInFlight: Int
        /// A ceiling below what the API allows.
        var maxRequestsPerSecond: Double?
        /// For a 429 that does not say when to come back.
        var gateBackoff: RetrySchedule
    }

    let limits: Limits
    private let start: MonotonicInstant
    private var random: SplitMix64
    private var gate = Gate()
    private var concurrency: ConcurrencyLimit
    private var pace: Pace
    private var sent = 0
    private var inFlight = 0

    init(limits: Limits, seed: UInt64, now: MonotonicInstant) {
        self.limits = limits
        start = now
        random = SplitMix64(seed: seed)
        concurrency = ConcurrencyLimit(maximum: limits.maxInFlight)
        pace = Pace(ceiling: limits.maxRequestsPerSecond)
    }

    /// Whether a call may start now. Follow `.permitted` with ``started(now:)``.
    mutating func decide(now: MonotonicInstant) -> Decision {
        if let until = gate.closedUntil, now < until { return .waitUntil(until) }
        guard inFlight < concurrency.current else { return .waitForAnswer }
        guard pace.isActive else { return .permitted }
        switch pace.wait(at: seconds(now), sent: sent, inFlight: inFlight) {
        case .none: return .permitted
        case .untilAnswer: return .waitForAnswer
        case .seconds(let wait): return .waitUntil(now + .seconds(min(wait, 900)))
        }
    }

    mutating func started(now: MonotonicInstant) -> CallTicket {
        sent += 1
        inFlight += 1
        if pace.isActive { pace.spend() }
        return CallTicket(number: sent, sentAt: now, inFlight: inFlight)
    }

    mutating func ended(
        _ ticket: CallTicket, _ fate: CallFate, _ budget: BudgetReport?, now: MonotonicInstant
    ) {
        let underWay = max(ticket.inFlight, inFlight)
        inFlight -= 1
        let news = budget.flatMap { QuotaNews($0, ticket, start: start, now: now, sent: sent, inFlight: inFlight) }
        if let news {
            pace.note(news)
        } else if fate == .answered {
            pace.noteSilence()
        }
        switch fate {
        case .unanswered: break
        case .answered:
            gate.pass(sentAt: ticket.sentAt)
            concurrency.answered(number: ticket.number, underWay: underWay, isPaced: pace.hasBudget)
        case .refused(let retryAfter):
            let hasBudgetLeft = (budget?.remaining ?? 0) > 0
            if hasBudgetLeft { concurrency.refused(number: ticket.number, underWay: underWay, lastSent: sent) }
            let asked = [retryAfter, hasBudgetLeft ? nil : budget?.reset].lazy.compactMap { $0 }.first { $0 > .zero }
            close(ticket, asked, hasBudgetLeft: hasBudgetLeft, now)
        }
    }

    private mutating func close(
        _ ticket: CallTicket, _ asked: Duration?, hasBudgetLeft: Bool, _ now: MonotonicInstant
    ) {
        var wait = asked
        let isPaced = !hasBudgetLeft && pace.knowsNextWindow
        if isPaced, let asked {
            // The quota is given back to calls that are *sent* so much later than that one.
            let elapsed = ticket.sentAt.duration(to: now)
            guard asked > elapsed else { return }
            wait = asked - elapsed
        }
        let isNew = gate.refuse(
            sentAt: ticket.sentAt, wait: wait, backoff: limits.gateBackoff, random: &random, now: now)
        if isNew, !isPaced { concurrency.restart(lastSent: sent) }
    }

    private func seconds(_ instant: MonotonicInstant) -> Double {
        start.seconds(to: instant)
    }

    // MARK: For whoever watches

    /// When the gate opens or opened; the pace has no part in it.
    var gateClosedUntil: MonotonicInstant? { gate.closedUntil }

    func isGateClosed(at now: MonotonicInstant) -> Bool { gate.isClosed(at: now) }

    /// What is known of the quota.
    var budget: (limit: Int?, remaining: Int?, resetsAt: MonotonicInstant?) {
        let window = pace.window
        return (window.limit, window.remaining, window.resetsAt.map { start + .seconds($0) })
    }
}
