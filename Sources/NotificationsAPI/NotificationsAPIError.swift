/// Why a call of the API gave no result.
public struct NotificationsAPIError: Error, Sendable, CustomStringConvertible {
    /// What kind of fault it is; the same values as `lookup.reason` of a Failure record.
    public let reason: LookupFailureReason
    /// The API's document, or one in its shape.
    public let failure: Failure
    /// The HTTP status; `nil` where no answer came.
    public let status: Int?
    /// `X-Request-Id`, for the provider's support.
    public let requestID: String?
    /// Whether the same call may succeed later.
    public var isRetriable: Bool { reason.isRetriable }
    /// Reason and summary.
    public var description: String { "\(reason.rawValue): \(failure.summary)" }
}
