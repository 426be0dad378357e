/// What an answer means for the flight that asked.
enum CallVerdict<Document: Sendable, Failure: Sendable>: Sendable {
    /// The document; it is cached, `bytes` counting against the cache's limit.
    case resolved(Document, bytes: Int)
    /// Final: asking again would not help.
    case failed(Failure)
    /// Worth another attempt; final where attempts or time are used up.
    case retry(Failure)
    /// Nothing that this record did: the door closes, and the flight goes on behind it without losing an attempt.
    case turnedAway(Door.Reason, after: Duration?)
}
