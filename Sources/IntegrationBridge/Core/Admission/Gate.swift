/// The one gate before all calls, closed by a 429.
struct Gate: Sendable {
    /// No answer keeps it closed for longer: a mistake in it must not stop the bridge for hours.
    static let longestWait = Duration.seconds(900)

    /// When the latest closure ends or ended; `nil` until something closes it.
    private(set) var closedUntil: MonotonicInstant?
    /// How often in a row it was closed with no call that got through.
    private(set) var closures = 0

    private var closedAt: MonotonicInstant?

    func isClosed(at now: MonotonicInstant) -> Bool {
        closedUntil.map { now < $0 } ?? false
    }

    /// A call was refused.
    ///
    /// - Parameter wait: what the server asked for; `nil`: `backoff` decides, and grows with the closures in a row.
    /// - Returns: whether that is a new closure. A refused call from before the gate closed is none.
    mutating func refuse(
        sentAt: MonotonicInstant, wait: Duration?, backoff: RetrySchedule, random: inout SplitMix64,
        now: MonotonicInstant
    ) -> Bool {
        let wait = wait.map { min($0, Self.longestWait) }
        if let closedAt, sentAt <= closedAt {
            prolong(wait, sentAt: sentAt, now: now)
            return false
        }
        closures += 1
        closedAt = now
        if let wait {
            closedUntil = now + wait + Self.jitter(wait, using: &random)
        } else {
            closedUntil = now + min(backoff.wait(afterAttempt: closures, using: &random), Self.longestWait)
        }
        return true
    }

    /// Another refusal of the same closure counts only where it asks for more than rounding explains.
    private mutating func prolong(_ wait: Duration?, sentAt: MonotonicInstant, now: MonotonicInstant) {
        guard let wait, let until = closedUntil, sentAt + wait - .seconds(1) > until else { return }
        closedUntil = now + wait
    }

    /// A call got through; it counts where it was sent after the gate closed.
    mutating func pass(sentAt: MonotonicInstant) {
        if let closedAt, sentAt > closedAt { closures = 0 }
    }

    /// So that many bridges do not come back in one moment: up to a tenth of a second and a twentieth of the wait, 5 s at most.
    static func jitter(_ wait: Duration, using random: inout SplitMix64) -> Duration {
        min(.milliseconds(100) + wait / 20, .seconds(5)) * Double.random(in: 0...1, using: &random)
    }
}
