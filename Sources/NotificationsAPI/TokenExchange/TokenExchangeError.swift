/// Why a token exchange gave no token; holds neither the subject token nor any other.
public struct TokenExchangeError: Error, Sendable, CustomStringConvertible {
    /// What kind of fault it is.
    public enum Reason: String, Hashable, Sendable, CaseIterable {
        /// 400, 401 or 403: the subject token, the identity pool or what was asked for is not accepted.
        case refused
        /// 429.
        case rateLimited = "rate_limited"
        /// 5xx.
        case serverError = "server_error"
        /// 408, or no answer within the attempt's time.
        case timeout
        /// No answer: no connection, or one that was lost.
        case transport
        /// An answer that is no token, a redirect among them: a subject token follows none.
        case invalidResponse = "invalid_response"
        /// The calling task was cancelled, or the transport shut down.
        case cancelled
    }

    /// What kind of fault it is.
    public let reason: Reason
    /// The API's document, or one in its shape.
    public let failure: Failure
    /// The HTTP status; `nil` where no answer came.
    public let status: Int?
    /// `X-Request-Id`, for the provider's support.
    public let requestID: String?
    /// `Retry-After`.
    public let retryAfter: RetryAfter?

    /// Whether the same exchange may succeed later with nothing changed.
    public var isRetriable: Bool { reason != .refused && reason != .cancelled }
    /// Reason and summary.
    public var description: String { "\(reason.rawValue): \(failure.summary)" }

    /// Creates an error; for test doubles.
    public init(
        reason: Reason, failure: Failure, status: Int? = nil, requestID: String? = nil, retryAfter: RetryAfter? = nil
    ) {
        self.reason = reason
        self.failure = failure
        self.status = status
        self.requestID = requestID
        self.retryAfter = retryAfter
    }
}
