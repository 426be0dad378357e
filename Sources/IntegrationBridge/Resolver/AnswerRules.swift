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
            return .turnedAway(.rateLimited, after: wait(answer))
        case .failure(.unauthorized, _) where !failsWhenUnauthorized:
            return .turnedAway(.unauthorized, after: nil)
        case .failure(let apiReason, let failure):
            let reason = FailureReason(apiReason)
            let failed = FailedLookup(
                failure, reason: reason, id: id, status: answer.status, requestID: answer.requestID)
            switch reason {
            case .serverError, .timeout, .transport, .invalidResponse: return .retry(failed)
            default: return .failed(failed)
            }
        }
    }

    /// The longest time that an answer can keep the door closed: a mistake in it must not stop the bridge for years.
    private static let longestWait = Duration.seconds(900)

    /// `Retry-After`, else the window's reset; `nil` where the answer gave neither.
    private func wait(_ answer: LookupAnswer) -> Duration? {
        let asked: Duration? =
            switch answer.retryAfter {
            case .after(let wait): wait
            case .at(let date): .seconds(min(max(0, date.timeIntervalSinceNow), 1e6))
            case nil: answer.rateLimit?.reset
            }
        return asked.map { min($0, Self.longestWait) }
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
