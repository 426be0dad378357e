/// When the next call may go, from the quota that is left and from a ceiling of our own.
struct Pace: Sendable {
    enum Wait: Hashable, Sendable {
        case none
        case seconds(Double)
        case untilAnswer
    }

    /// Seconds that may be caught up after a late wake-up.
    private static let catchUp = 0.02
    private static let silencesToForget = 32

    private let ceiling: Double?
    private(set) var window = BudgetWindow()
    private var share = SpendingShare()
    private var rolling = RollingQuota()
    /// Calls that are due: one may go at 1.
    private var due = 1.0
    private var updatedAt = 0.0
    private var knownSince = 0.0
    private var isAwaitingAnswer = false
    /// Calls that may be under way while only an answer can tell how to go on.
    private var probes = 1
    /// Answers in a row that said nothing.
    private var silences = 0

    init(ceiling: Double?) {
        self.ceiling = ceiling
    }

    /// Whether answers say what is left.
    var hasBudget: Bool { window.isKnown }
    /// Whether there is anything to wait for.
    var isActive: Bool { hasBudget || ceiling != nil }
    /// Whether the pace goes on after the reset without an answer.
    var knowsNextWindow: Bool { window.length != nil || rolling.isRolling }

    // MARK: Answers

    mutating func note(_ news: QuotaNews) {
        silences = 0
        if !isActive { updatedAt = news.receivedAt }
        if !hasBudget { knownSince = news.receivedAt }
        if isAwaitingAnswer {
            // Windows pass faster than answers come, and much is left: dare twice as much.
            probes = 2 * news.remaining >= window.size ? probes + 1 : 1
        }
        rolling.note(news, slack: window.slack)
        switch window.note(news) {
        case .nothing: break
        case .tooLittle: rolling.suspect()
        case .spending(let spending):
            // The first calls of all, made before anything was known, say nothing of how others spend.
            if news.sentAt >= knownSince { share.note(spending, size: window.size) }
        }
    }

    /// An answer came that says nothing of a quota. Many in a row: there is none any more.
    mutating func noteSilence() {
        guard hasBudget else { return }
        silences += 1
        if isAwaitingAnswer { probes += 1 }
        if silences >= Self.silencesToForget { self = Pace(ceiling: ceiling) }
    }

    // MARK: Calls

    mutating func spend() {
        due = max(0, due - 1)
    }

    mutating func wait(at now: Double, sent: Int, inFlight: Int) -> Wait {
        if rolling.isRolling { return rollingWait(at: now, sent: sent, inFlight: inFlight) }
        switch window.advance(to: now, sent: sent) {
        case .same: (isAwaitingAnswer, probes) = (false, 1)
        case .next: (isAwaitingAnswer, probes, updatedAt) = (false, 1, now)
        case .unknown:
            if !isAwaitingAnswer, window.isPredicted { share.fade() }
            isAwaitingAnswer = true
            if inFlight >= probes { return .untilAnswer }
        }
        guard let reset = window.resetsAt, !isAwaitingAnswer else { return wait(at: now, rate: .infinity) }
        let remaining = window.remaining(at: now, sent: sent, share: share)
        // Near the end many decide on the same news: the more they are, the more of the last call is left to the others.
        let part = share.othersPart * share.othersPart
        guard remaining >= 0.9 + part * part, window.remaining(sent: sent) > window.size / 400 else {
            updatedAt = now
            return .seconds(max(0, window.isOverAt - now) + 0.001)
        }
        let left = max(reset - now, 0.01)
        return wait(at: now, rate: share.own * remaining / left, horizon: max(left / 8, 0.005))
    }

    private mutating func rollingWait(at now: Double, sent: Int, inFlight: Int) -> Wait {
        isAwaitingAnswer = false
        let remaining = rolling.remaining(at: now, sent: sent, inFlight: inFlight)
        guard remaining >= 1 else {
            updatedAt = now
            return .seconds(max(0.005, min(1, 1 / rolling.refill)))
        }
        return wait(at: now, rate: rolling.rate(remaining: remaining), horizon: 0.25)
    }

    /// - Parameter horizon: when to ask again though no call is due, because the rate changes.
    private mutating func wait(at now: Double, rate: Double, horizon: Double = .infinity) -> Wait {
        let rate = min(rate, ceiling ?? .infinity)
        guard rate < .infinity else { return .none }
        due = min(due + rate * (now - updatedAt), max(1, due, 1 + rate * Self.catchUp))
        updatedAt = now
        if due >= 1 { return .none }
        return .seconds(max(0.0001, min((1 - due) / max(rate, 1e-6), horizon)))
    }
}
