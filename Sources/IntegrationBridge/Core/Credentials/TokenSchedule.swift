/// When a token is renewed, and whose fault it is where the API refuses one. Holds no token, makes no call and reads no
/// clock.
///
/// A token has a generation: 1 for the first, one more for each that follows. One renewal is under way at a time. A token
/// is kept until there is another or its life is over, however many renewals fail.
///
/// A refused token is *fresh*, and its refusal the credentials' fault, while all of this holds: it has not expired; it is
/// younger than `freshFor`; and it was either obtained by a renewal that a refusal asked for, or never accepted by a call.
/// So refusals ask for at most one renewal in `freshFor`, and one more for each that was due anyway, whatever the API says
/// in between: an API that refuses every token, or one call among many, causes no storm of exchanges.
struct TokenSchedule: Sendable {
    struct Limits: Sendable {
        /// How long before a token's end it is renewed; half its lifetime where that is shorter.
        var early = Duration.seconds(60)
        /// How long a token counts as fresh.
        var freshFor = Duration.seconds(30)
        /// The waits after failed renewals.
        var retry = RetrySchedule(initial: .seconds(1), maximum: .seconds(30))
        /// The longest wait that a server can ask for: a mistake in its answer must not stop the bridge for years.
        var longestWait = Duration.seconds(300)
    }

    /// What to do about a refused call.
    enum Refusal: Equatable, Sendable {
        /// There are newer credentials already: call again.
        case tryAgain
        /// The token was good once, or is old: renew it, or wait for the renewal that is under way, and call again.
        case refresh
        /// A fresh token was refused, or no other can be had at the moment: the credentials are at fault.
        case fault
    }

    private struct Token: Sendable {
        var issued: MonotonicInstant
        var expires: MonotonicInstant
        var isAskedFor: Bool
        var isAccepted = false
    }

    private let limits: Limits
    private var token: Token?
    private var dueAt: MonotonicInstant
    private var began: MonotonicInstant?
    /// A refusal asked for the renewal that is due or under way.
    private var isAskedFor = false

    /// The newest token's; 0 before there is any.
    private(set) var generation: UInt64 = 0
    /// How many renewals have ended, with a token or without.
    private(set) var attempts: UInt64 = 0
    /// How many renewals in a row have failed.
    private(set) var failures = 0

    /// A schedule whose first renewal is due at once.
    init(limits: Limits = Limits(), now: MonotonicInstant) {
        self.limits = limits
        dueAt = now
    }

    /// Whether a renewal is under way.
    var isRefreshing: Bool { began != nil }

    /// When the next renewal begins; `nil` while one is under way.
    var due: MonotonicInstant? { isRefreshing ? nil : dueAt }

    /// When the token's life is over, where there is one.
    var expires: MonotonicInstant? { token?.expires }

    /// Whether there is a token whose life is not over.
    func isUsable(at now: MonotonicInstant) -> Bool {
        token.map { now < $0.expires } ?? false
    }

    /// Whether there is a newer token than that of a generation, and its life is not over.
    func hasOther(than generation: UInt64, at now: MonotonicInstant) -> Bool {
        self.generation > generation && isUsable(at: now)
    }

    // MARK: Renewals

    /// Begins a renewal where one is due and none is under way; it must then end by one of the three below.
    mutating func begin(now: MonotonicInstant) -> Bool {
        guard !isRefreshing, now >= dueAt else { return false }
        began = now
        return true
    }

    /// A renewal gave a token. Its life is counted from the renewal's begin, since nobody knows when it was issued.
    mutating func succeeded(lifetime: Duration, now: MonotonicInstant) {
        guard let began else { return }
        token = Token(issued: now, expires: began + lifetime, isAskedFor: isAskedFor)
        // Not before now: a token that is over already is renewed at once, and not in the past.
        dueAt = max(now, began + max(lifetime - limits.early, lifetime / 2))
        generation += 1
        failures = 0
        isAskedFor = false
        end()
    }

    /// A renewal failed; the next one is due after a wait, at least as long as the server asked for.
    mutating func failed(
        retryAfter: Duration?, now: MonotonicInstant, using random: inout some RandomNumberGenerator
    ) {
        guard isRefreshing else { return }
        failures += 1
        let asked = min(max(.zero, retryAfter ?? .zero), limits.longestWait)
        dueAt = now + max(asked, limits.retry.wait(afterAttempt: failures, using: &random))
        end()
    }

    /// A renewal was given up by who made it, and is due again at once.
    mutating func abandoned() {
        began = nil
    }

    private mutating func end() {
        began = nil
        attempts += 1
    }

    // MARK: Calls

    /// The API refused a call with the token of a generation.
    mutating func refused(generation refused: UInt64, now: MonotonicInstant) -> Refusal {
        if hasOther(than: refused, at: now) { return .tryAgain }
        if let token, isFresh(token, now) { return .fault }
        if !isRefreshing {
            // The last renewal failed, and the next one has its time: a server in trouble is not asked for each call.
            if failures > 0, now < dueAt { return .fault }
            dueAt = min(dueAt, now)
        }
        isAskedFor = true
        return .refresh
    }

    /// The API accepted a call with the token of a generation.
    mutating func accepted(generation accepted: UInt64) {
        if accepted == generation { token?.isAccepted = true }
    }

    private func isFresh(_ token: Token, _ now: MonotonicInstant) -> Bool {
        now < token.expires && token.issued.duration(to: now) < limits.freshFor
            && (token.isAskedFor || !token.isAccepted)
    }
}
