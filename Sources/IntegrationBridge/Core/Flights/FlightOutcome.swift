/// How a flight ended.
enum FlightOutcome<Document: Sendable, Failure: Sendable>: Sendable {
    case resolved(Document)
    case failed(Failure)
}
