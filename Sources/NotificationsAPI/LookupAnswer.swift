/// What one call for one integration came to.
public struct LookupAnswer: Sendable {
    /// The Integration, or why there is none.
    public enum Result: Sendable {
        /// The document, checked.
        case integration(IntegrationDocument)
        /// Why there is none; the document is never empty.
        case failure(LookupFailureReason, Failure)
    }

    /// The HTTP status; `nil` where no answer came.
    public var status: Int?
    /// `X-Request-Id`.
    public var requestID: String?
    /// `X-RateLimit-*`; `nil` where the answer had none.
    public var rateLimit: RateLimit?
    /// `Retry-After`.
    public var retryAfter: RetryAfter?
    /// The Integration, or why there is none.
    public var result: Result

    /// Creates an answer; for test doubles.
    public init(
        status: Int? = nil, requestID: String? = nil, rateLimit: RateLimit? = nil, retryAfter: RetryAfter? = nil,
        result: Result
    ) {
        self.status = status
        self.requestID = requestID
        self.rateLimit = rateLimit
        self.retryAfter = retryAfter
        self.result = result
    }
}
