/// Keeps repeated calls under a fifth of all calls while the API fails broadly.
///
/// First calls pay in, repeated ones take out, as in Finagle's retry budget; what comes in with time lets a lone record's
/// retries through where there is little traffic.
struct RetryBudget: Sendable {
    /// One repeated call to four first ones: a fifth of all.
    private static let share = 0.25
    private static let perSecond = 10.0
    private static let most = 100.0

    private var balance = most
    private var updated: MonotonicInstant

    init(now: MonotonicInstant) {
        updated = now
    }

    mutating func firstCall() {
        balance = min(Self.most, balance + Self.share)
    }

    /// Whether a repeated call may be made now.
    mutating func permits(now: MonotonicInstant) -> Bool {
        let passed = max(0, updated.seconds(to: now))
        balance = min(Self.most, balance + passed * Self.perSecond)
        updated = now
        return balance >= 1
    }

    mutating func repeatedCall() {
        balance -= 1
    }

    /// When a repeated call may be made, without further first calls.
    var permitsAt: MonotonicInstant {
        updated + .seconds(max(0, 1 - balance) / Self.perSecond)
    }
}
