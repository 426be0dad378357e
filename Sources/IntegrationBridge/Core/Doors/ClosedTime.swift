/// A stopwatch for the time that the doors were closed: no flight's retries are charged with it.
struct ClosedTime: Sendable {
    private var since: MonotonicInstant?
    private var before: Duration = .zero

    mutating func set(closed: Bool, now: MonotonicInstant) {
        if closed {
            if since == nil { since = now }
        } else if let began = since {
            before += began.duration(to: now)
            since = nil
        }
    }

    func total(now: MonotonicInstant) -> Duration {
        before + (since.map { $0.duration(to: now) } ?? .zero)
    }
}
