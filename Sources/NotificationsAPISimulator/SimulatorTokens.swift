/// The tokens that were issued. A plain value: it is told the time, and what random tokens to issue.
struct SimulatorTokens {
    var lifetime: Duration
    private var ends: [String: ContinuousClock.Instant] = [:]

    init(lifetime: Duration) {
        self.lifetime = lifetime
    }

    /// Issues a token.
    ///
    /// - Returns: how many seconds it lives.
    mutating func issue(_ token: String, asked: Int?, now: ContinuousClock.Instant) -> Int {
        ends = ends.filter { $0.value > now }
        let seconds = min(max(1, Int(lifetime.components.seconds)), asked ?? .max)
        ends[token] = now + .seconds(seconds)
        return seconds
    }

    /// Whether a field `Authorization` has a token that lives.
    func accepts(_ authorization: String?, now: ContinuousClock.Instant) -> Bool {
        guard let authorization, authorization.lowercased().hasPrefix("bearer ") else { return false }
        return ends[String(authorization.dropFirst(7))].map { now < $0 } ?? false
    }

    mutating func revokeAll() {
        ends = [:]
    }
}
