/// The one door before the calls: while it is closed no call is started, and what waits loses no attempts.
struct Door: Sendable {
    /// Why it is closed.
    enum Reason: Hashable, Sendable {
        case rateLimited
        case unauthorized
    }

    private(set) var closedUntil: ContinuousClock.Instant?
    private(set) var reason: Reason?
    /// How often in a row it was closed without a call that got through.
    private(set) var closures = 0

    private var closedSince: ContinuousClock.Instant?
    private var closedBefore: Duration = .zero

    /// Opens it where its time is up.
    mutating func isOpen(at now: ContinuousClock.Instant) -> Bool {
        guard let until = closedUntil else { return true }
        guard now >= until else { return false }
        closedBefore += until - (closedSince ?? until)
        closedUntil = nil
        closedSince = nil
        return true
    }

    /// Closes it, or keeps it closed for longer; never opens it earlier.
    ///
    /// - Returns: whether it was open before: answers to calls that were under way then are no further closures.
    @discardableResult
    mutating func close(_ reason: Reason, until: ContinuousClock.Instant, now: ContinuousClock.Instant) -> Bool {
        let wasOpen = isOpen(at: now)
        if wasOpen {
            closures += 1
            closedSince = now
        }
        self.reason = reason
        closedUntil = max(closedUntil ?? until, until)
        return wasOpen
    }

    /// A call got through.
    mutating func passed(at now: ContinuousClock.Instant) {
        guard isOpen(at: now) else { return }
        closures = 0
        reason = nil
    }

    /// How long it has been closed in all: time that no flight's retries are charged with.
    func closedTime(at now: ContinuousClock.Instant) -> Duration {
        guard let since = closedSince, let until = closedUntil else { return closedBefore }
        return closedBefore + (min(now, until) - since)
    }
}
