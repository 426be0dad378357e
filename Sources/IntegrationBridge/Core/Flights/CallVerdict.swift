/// What an answer means for the flight that asked.
enum CallVerdict<Document: Sendable, Failure: Sendable>: Sendable {
    /// The document; it is cached, `bytes` counting against the cache's limit.
    case resolved(Document, bytes: Int)
    /// Final: asking again would not help. It is cached where it has `bytes` to count.
    case failed(Failure, bytes: Int?)
    /// Worth another attempt; final where attempts or time are used up. `answered`: there was an HTTP response.
    case retry(Failure, answered: Bool)
    /// 429: nothing that this record did. The flight goes on behind the gate without losing an attempt.
    case rateLimited(retryAfter: Duration?)
    /// The credentials were refused and there are no others: the same. The failure is for those who want one.
    case unauthorized(Failure)
    /// The credentials were refused, and there are others by now.
    case callAgain
}
