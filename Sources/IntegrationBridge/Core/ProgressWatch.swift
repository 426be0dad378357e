/// Notices that nothing is finished for long though there is work, and nothing that is known explains it.
struct ProgressWatch: Sendable {
    enum News: Hashable, Sendable {
        /// Told once, until something is finished again.
        case stuck(for: Duration)
        case goesOn
    }

    /// How long is too long.
    let limit: Duration
    private var finished = 0
    private var since: MonotonicInstant?
    private var isStuck = false

    init(limit: Duration) {
        self.limit = limit
    }

    /// - Parameters:
    ///   - finished: records finished since the start.
    ///   - unfinished: records taken in and not finished.
    ///   - isExplained: a closed gate, an open breaker or refused credentials keep them waiting.
    mutating func look(
        finished: Int, unfinished: Int, isExplained: Bool, now: MonotonicInstant
    ) -> News? {
        guard finished == self.finished, unfinished > 0, !isExplained else {
            let news: News? = isStuck && finished != self.finished ? .goesOn : nil
            if finished != self.finished { isStuck = false }
            self.finished = finished
            since = nil
            return news
        }
        let began = since ?? now
        since = began
        guard !isStuck, began.duration(to: now) >= limit else { return nil }
        isStuck = true
        return .stuck(for: began.duration(to: now))
    }
}
