internal import NotificationsAPI

/// What the `lookup` command got for one id.
struct LookupOutcome: Sendable {
    var id: String
    var answer: LookupAnswer
    var calls: Int

    /// How an outcome counts towards the exit code; the most telling is the largest.
    var exitCode: ExitCode {
        guard case .failure(let reason, _) = answer.result else { return .success }
        return switch reason {
        case .unauthorized: .notAuthorized
        case .serverError, .timeout, .transport, .rateLimited: .unavailable
        case .badRequest, .forbidden, .notFound, .invalidResponse: .failure
        }
    }

    /// One line for a failure; nil for a document.
    var failureLine: String? {
        guard case .failure(let reason, let failure) = answer.result else { return nil }
        var line = "\(id): \(reason.rawValue): \(failure.summary)"
        if calls > 1 { line += " (after \(calls) calls)" }
        if let requestID = answer.requestID { line += " [request \(requestID)]" }
        return line
    }

    /// 77 before 69 before 70 before 0: refused credentials explain everything else.
    static func exitCode(of outcomes: some Sequence<ExitCode>) -> ExitCode {
        let order: [ExitCode] = [.success, .failure, .unavailable, .notAuthorized]
        return outcomes.max { (order.firstIndex(of: $0) ?? 0) < (order.firstIndex(of: $1) ?? 0) } ?? .success
    }
}
