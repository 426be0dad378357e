/// A quota that is given back bit by bit: a token bucket, whose Reset says when it is full again, or a sliding window, whose
/// Reset says when the oldest call is forgotten.
///
/// Telling them from a fixed window: there the reset stays where it is until it is reached, and then moves by a whole window.
/// Here it moves on before it is reached, or by less. Telling them apart: a bucket's Reset is in proportion to what is missing.
struct RollingQuota: Sendable {
    private(set) var isRolling = false

    private var limit = 0
    private var remaining = 0
    private var newest = 0
    private var lastCall = 0
    private var sentAt = 0.0
    private var roundTrip = 0.0
    private var resetBy = 0.0
    private var longestReset = 0.0
    /// For rolling, against a fixed window: 0 to 6.
    private var evidence = 0
    /// Seconds to fill it from empty, as Reset and Remaining tell; an average.
    private var fillTime = 0.0
    /// Calls per second of this bridge, an average: what it gets while the level stays as it is.
    private var ownRate = 0.0
    /// In a sliding window: this bridge's calls per second that leave a little of it.
    private var steadyRate: Double?

    private var isBucket: Bool { fillTime > 0.7 * longestReset }
    /// The calls per second that all together may make.
    var refill: Double { Double(limit) / max(1, isBucket ? fillTime : longestReset) }
    /// What is kept of a sliding window.
    private var reserve: Double { max(2, Double(limit) / 150) }

    // MARK: Answers

    /// - Parameter slack: how far two answers may be apart and still speak of the same reset.
    mutating func note(_ news: QuotaNews, slack: Double) {
        guard news.number > newest, let newLimit = news.limit, newLimit > 0 else { return }
        if newest == 0 || newLimit != limit {
            (limit, resetBy, longestReset) = (newLimit, news.sentAt + news.reset, news.reset)
            (fillTime, ownRate, steadyRate) = (0, 0, nil)
        } else {
            judge(resetBy: news.sentAt + news.reset, sentAt: news.sentAt, slack: slack)
            adapt(to: news)
        }
        longestReset = max(longestReset, news.reset)
        let missing = Double(limit - news.remaining)
        if missing * 4 >= Double(limit) {
            let time = (news.reset - 0.5) * Double(limit) / missing
            fillTime += (time - fillTime) * (fillTime == 0 ? 1 : 0.05)
        }
        (newest, remaining, lastCall) = (news.number, news.remaining, news.lastCall)
        (sentAt, roundTrip) = (news.sentAt, news.receivedAt - news.sentAt)
    }

    private mutating func judge(resetBy: Double, sentAt: Double, slack: Double) {
        let step = resetBy - self.resetBy
        guard step > 1 + slack || step < -1 - slack else { return }
        let wasReached = sentAt >= self.resetBy - 1 - slack
        let isWhole = step >= longestReset - 1 - 2 * slack
        evidence = wasReached && isWhole ? max(0, evidence - 2) : min(6, evidence + 1)
        self.resetBy = resetBy
        isRolling = isRolling ? evidence > 0 : evidence >= 3
    }

    /// A reset passed, and the quota was not given back as a window's is.
    mutating func suspect() {
        evidence = min(6, evidence + 2)
        isRolling = isRolling || evidence >= 3
    }

    private mutating func adapt(to news: QuotaNews) {
        let elapsed = news.sentAt - sentAt
        guard elapsed > 0 else { return }
        if isRolling, !isBucket {
            steadyRate = adapted(steadyRate ?? ownRate, remaining: Double(news.remaining), elapsed)
        }
        ownRate += (Double(news.number - newest) / elapsed - ownRate) * min(1, elapsed / max(1, longestReset / 8))
    }

    /// A window's time must pass before a change of the rate shows in full, so it is changed slowly. What is left lets the slow gain on
    /// the fast; what is lacking takes from each in proportion.
    private func adapted(_ rate: Double, remaining: Double, _ elapsed: Double) -> Double {
        let time = min(0.25, elapsed / longestReset)
        let rate =
            remaining > reserve
            ? rate + time / 2 * (remaining - reserve) / Double(limit) * (refill * rate).squareRoot()
            : rate * (1 - time * 2 * (reserve - remaining) / reserve)
        return min(max(rate, refill / 1000), refill)
    }

    // MARK: What to do

    /// The calls that are left, while others and the quota's refill balance.
    func remaining(at now: Double, sent: Int, inFlight: Int) -> Double {
        let age = now - sentAt
        // No call is under way that could tell of more.
        if inFlight == 0, age > 1 + roundTrip + 20 / refill { return Double(limit) / 2 }
        return min(Double(limit), Double(lastCall - sent) + ownRate * min(age, 2 * roundTrip + 1))
    }

    /// The calls per second to make, with so many left.
    ///
    /// In a bucket all bridges see the same level, and its odds tell each the same rate: so shares are even, and the level settles where
    /// they spend what is refilled. A sliding window must be kept almost empty, which leaves no such signal.
    func rate(remaining: Double) -> Double {
        let level = max(0, min(0.98, remaining / Double(limit)))
        if !isBucket, let steadyRate { return steadyRate * (1 + 2 * level) * min(1, remaining / reserve) }
        let odds = level / (1 - level)
        return refill * min(2, odds * odds)
    }
}
