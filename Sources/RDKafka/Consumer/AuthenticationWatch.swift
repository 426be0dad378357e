/// Tells refused credentials from a broker that has trouble for a moment. No clock reads.
package struct AuthenticationWatch: Sendable {
    private let window: Duration
    private var first: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    package init(window: Duration) {
        self.window = window
    }

    /// A refusal.
    ///
    /// - Returns: Whether they have gone on for the window. One that comes long after the last begins anew.
    package mutating func failed(at now: ContinuousClock.Instant) -> Bool {
        if let last, last.duration(to: now) > .seconds(60) { first = nil }
        last = now
        guard let first else {
            first = now
            return window <= .zero
        }
        return first.duration(to: now) >= window
    }

    /// A broker let us in.
    package mutating func succeeded() {
        first = nil
        last = nil
    }
}
