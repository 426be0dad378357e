/// Why a request ended as a Failure record: `lookup.reason`.
public enum FailureReason: String, Sendable, CaseIterable {
    /// The request names no integration.
    case invalidRequest = "invalid_request"
    /// The API refused the request: 400, or another 4xx.
    case badRequest = "bad_request"
    /// The API refused the credentials, and `api.onUnauthorized` is `fail`.
    case unauthorized
    /// The API refused access to this integration.
    case forbidden
    /// The API knows no such integration.
    case notFound = "not_found"
    /// The API's rate limit; only from `integration-bridge lookup`, which does not wait for ever.
    case rateLimited = "rate_limited"
    /// The API failed, and went on failing.
    case serverError = "server_error"
    /// The API did not answer in time, and went on so.
    case timeout
    /// The API could not be reached, and went on so.
    case transport
    /// The API's answer was no Integration, or another one than was asked for.
    case invalidResponse = "invalid_response"
    /// The result is larger than the output topic takes.
    case outputTooLarge = "output_too_large"

    /// Whether the same request may succeed later.
    public var isRetriable: Bool {
        switch self {
        case .rateLimited, .serverError, .timeout, .transport, .invalidResponse, .unauthorized: true
        case .invalidRequest, .badRequest, .forbidden, .notFound, .outputTooLarge: false
        }
    }
}
