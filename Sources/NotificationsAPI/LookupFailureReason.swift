/// Why a lookup gave no Integration; the raw values are those of a record's `lookup.reason`.
public enum LookupFailureReason: String, Hashable, Sendable, CaseIterable {
    /// 400, and every 4xx that has no reason of its own.
    case badRequest = "bad_request"
    /// 401, or a 403 that says that the API key is invalid.
    case unauthorized
    /// Any other 403.
    case forbidden
    /// 404.
    case notFound = "not_found"
    /// 429.
    case rateLimited = "rate_limited"
    /// 5xx.
    case serverError = "server_error"
    /// 408, or no answer within the attempt's time.
    case timeout
    /// No answer: no connection, or one that was lost.
    case transport
    /// An answer that is not the Integration that was asked for.
    case invalidResponse = "invalid_response"

    /// Whether the same lookup may succeed later.
    public var isRetriable: Bool {
        switch self {
        case .rateLimited, .serverError, .timeout, .transport, .invalidResponse, .unauthorized: true
        case .badRequest, .forbidden, .notFound: false
        }
    }
}
