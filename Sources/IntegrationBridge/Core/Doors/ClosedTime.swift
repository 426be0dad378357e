/// A stopwatch for the time that the doors were closed: no flight's retries are charged with it.
struct ClosedTime: Sendable {
    private var since: ContinuousClock.Instant?
    private var before: Duration = .zero

    mutating func set(closed: Bool, now: ContinuousClock.Instant) {
        if closed {
            if since == nil { since = now }
        } else if let began = since {
            before += began.duration(to: now)
            since = nil
        }
    }

    func total(now: ContinuousClock.Instant) -> Duration {
        before + (since.map { $0.duration(to: now) } ?? .zero)
    }
}
