internal import IntegrationBridge
internal import NotificationsAPI

/// When the `lookup` command asks again, for one id; reads no clock.
struct LookupAttempts: Sendable {
    /// What to do after an answer.
    enum Step: Equatable {
        case end
        case askAgain(after: Duration)
    }

    private let configuration: BridgeConfiguration.Lookup
    private var attempts = 0
    private var turnedAway = 0

    init(_ configuration: BridgeConfiguration.Lookup) {
        self.configuration = configuration
    }

    /// - Parameters:
    ///   - reason: why the last call gave no document.
    ///   - askedToWait: what `Retry-After` or the window's reset says.
    ///   - elapsed: time since the first call began.
    ///   - jitter: 0 to 1, drawn anew for each call.
    mutating func next(
        after reason: LookupFailureReason, askedToWait: Duration?, elapsed: Duration, jitter: Double
    ) -> Step {
        let wait: Duration
        switch reason {
        case .rateLimited:
            // No attempt of the id's own; the server's wish is kept, with a little on top so that not all come at once.
            turnedAway += 1
            let asked = askedToWait ?? ceiling(after: turnedAway)
            wait = asked + .milliseconds(250) * jitter
        case .serverError, .timeout, .transport, .invalidResponse:
            attempts += 1
            guard attempts < configuration.maxAttempts else { return .end }
            wait = ceiling(after: attempts) * jitter
        case .badRequest, .unauthorized, .forbidden, .notFound:
            return .end
        }
        return elapsed + wait <= configuration.retryFor ? .askAgain(after: wait) : .end
    }

    private func ceiling(after attempt: Int) -> Duration {
        var ceiling = configuration.backoff.initial
        for _ in 1..<max(1, attempt) where ceiling < configuration.backoff.max { ceiling = ceiling * 2 }
        return min(ceiling, configuration.backoff.max)
    }
}
