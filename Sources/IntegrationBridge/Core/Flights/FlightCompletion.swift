/// What a finished call leads to.
enum FlightCompletion<Waiter: Sendable, Document: Sendable, Failure: Sendable>: Sendable {
    case landed(FlightLanding<Waiter, Document, Failure>)
    /// It will be tried again, after a wait or when a door opens; or nobody waits for it any more.
    case tryingAgain
    /// The bridge stops, and the flight would have had to try again: its waiters are given back.
    case givenUp([Waiter])
}
