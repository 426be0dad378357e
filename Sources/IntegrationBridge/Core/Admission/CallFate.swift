/// How a call ended, as far as the quota is concerned.
enum CallFate: Hashable, Sendable {
    /// Any answer but a 429.
    case answered
    /// A 429; `nil` where it did not say when to come back.
    case refused(retryAfter: Duration?)
    /// A timeout, a transport error, or cancelled: the server may have counted it.
    case unanswered
}
