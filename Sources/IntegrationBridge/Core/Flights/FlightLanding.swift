/// A flight that is over: its waiters get this outcome.
struct FlightLanding<Waiter: Sendable, Document: Sendable, Failure: Sendable>: Sendable {
    var id: [UInt8]
    var outcome: FlightOutcome<Document, Failure>
    var waiters: [Waiter]
    /// See ``Flight/attempts``.
    var attempts: Int
    /// Whether the outcome is an old one from the cache, because the API fails.
    var isStale = false
}
