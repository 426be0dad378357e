/// What a finished call leads to.
enum FlightCompletion<Waiter: Sendable, Document: Sendable, Failure: Sendable>: Sendable {
    /// The flight is over: its waiters get this outcome.
    case landed(FlightOutcome<Document, Failure>, waiters: [Waiter], attempts: Int)
    /// It will be tried again, after a wait or when the door opens.
    case tryingAgain
    /// The bridge stops, and the flight would have had to try again: its waiters are given back.
    case givenUp([Waiter])
    /// The door was closed by this answer; it was open before.
    case doorClosed(Door.Reason, for: Duration)
}
