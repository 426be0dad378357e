internal import Foundation
internal import NotificationsAPI

/// What each answer of the API means: the table "How the API is treated" of the README.
struct AnswerRules: Sendable {
    /// Whether refused credentials end as the record's Failure instead of closing the door.
    var failsWhenUnauthorized: Bool
    /// Whether webhook URLs are cut to their host before a document is kept.
    var redactsWebhookURLs: Bool

    func verdict(
        on answer: LookupAnswer, id: UnsafeRawBufferPointer
    ) -> CallVerdict<ResolvedDocument, FailedLookup> {
        switch answer.result {
        case .integration(let document):
            let resolved = ResolvedDocument(
                redactsWebhookURLs ? document.redacted() : document, id: id, status: answer.status,
                requestID: answer.requestID)
            return .resolved(resolved, bytes: resolved.byteCount)
        case .failure(.rateLimited, _):
            return .rateLimited(retryAfter: wait(answer))
        case .failure(let apiReason, let failure):
            let reason = FailureReason(apiReason)
            let failed = FailedLookup(
                failure, reason: reason, id: id, status: answer.status, requestID: answer.requestID)
            switch reason {
            case .unauthorized: return .unauthorized(failed)
            case .serverError, .timeout, .transport, .invalidResponse:
                return .retry(failed, answered: answer.status != nil)
            case .notFound, .forbidden: return .failed(failed, bytes: failed.byteCount)
            default: return .failed(failed, bytes: nil)
            }
        }
    }

    /// `Retry-After` in relative time; `nil` where the answer has none.
    private func wait(_ answer: LookupAnswer) -> Duration? {
        switch answer.retryAfter {
        case .after(let wait): wait
        case .at(let date): .seconds(min(max(0, date.timeIntervalSinceNow), 1e6))
        case nil: nil
        }
    }
}

extension FailureReason {
    init(_ reason: LookupFailureReason) {
        self =
            switch reason {
            case .badRequest: .badRequest
            case .unauthorized: .unauthorized
            case .forbidden: .forbidden
            case .notFound: .notFound
            case .rateLimited: .rateLimited
            case .serverError: .serverError
            case .timeout: .timeout
            case .transport: .transport
            case .invalidResponse: .invalidResponse
            }
    }
}
