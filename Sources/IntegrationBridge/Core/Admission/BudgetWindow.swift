internal import Foundation

/// What the answers told of the window that the quota is counted in.
///
/// Times are those of *sending*: an answer to a call that was sent at `s` and says `t` puts the reset between `s + t - 1` and
/// `s + t`, for calls that take as long to the server as that one did. So neither the server's clock nor the length of the
/// way matters.
struct BudgetWindow: Sendable {
    /// What an answer tells beyond its own numbers.
    enum Finding: Sendable {
        case nothing
        /// What was spent since the reading before it, where both are of one window.
        case spending(Spending)
        /// More is gone of a window that began just now than callers take: it is no such window.
        case tooLittle
    }

    enum Passage: Sendable {
        case same
        /// The next window has begun; no answer was seen of it yet.
        case next
        /// Only an answer can tell how to go on.
        case unknown
    }

    /// An answer that is taken for the state of the quota.
    private struct Reading: Sendable {
        var remaining: Int
        var lastCall: Int
        var sentAt: Double
        var receivedAt: Double
    }

    private(set) var limit: Int?
    /// From one window to the next, and how wrong that may be; `nil` until two resets were seen.
    private(set) var length: (seconds: Double, error: Double)?
    /// Whether the window is one that no answer was seen of, only its predecessor's end.
    private(set) var isPredicted = false

    private var reading: Reading?
    private var earliestReset = 0.0
    private var latestReset = 0.0
    /// The end of the latest window that is over and that an answer was seen of.
    private var finished: (reset: Double, uncertainty: Double)?
    /// When the first call was sent that an answer of this window is from.
    private var beganAt = 0.0
    private var highestRemaining = 0
    private var roundTrip = RoundTrip()

    var isKnown: Bool { reading != nil }
    var remaining: Int? { reading?.remaining }
    var resetsAt: Double? { isKnown ? middle : nil }
    /// From here on a call that is sent meets the next window.
    var isOverAt: Double { max(latestReset, earliestReset) + roundTrip.deviation }
    /// How far two answers may be apart and still speak of the same reset.
    var slack: Double { 0.25 + 4 * roundTrip.deviation }
    /// Calls that all may make in a window.
    var size: Int { limit ?? highestRemaining }

    private var middle: Double { (earliestReset + latestReset) / 2 }
    private var uncertainty: Double { abs(latestReset - earliestReset) / 2 + roundTrip.deviation }

    // MARK: Answers

    mutating func note(_ news: QuotaNews) -> Finding {
        roundTrip.note(news.receivedAt - news.sentAt)
        let latest = news.sentAt + news.reset
        guard let old = reading else {
            begin(news)
            return .nothing
        }
        let isAfter = news.sentAt >= old.receivedAt
        if latest - 1 > max(latestReset, earliestReset) + slack || (isAfter && latest < earliestReset - slack) {
            finish()
            begin(news)
            return .nothing
        }
        guard latest >= min(earliestReset, latestReset) - slack else { return .nothing }  // of a window that is over
        narrow(latest: latest)
        if isAfter || news.limit == limit, let limit = news.limit { self.limit = limit }
        let isFirst = isPredicted
        if isFirst {
            isPredicted = false
            beganAt = news.sentAt
        }
        // Answers come late and out of order: within a window less is later, unless the call was sent after the old news came.
        guard isAfter || news.remaining < old.remaining else { return .nothing }
        take(news)
        highestRemaining = max(highestRemaining, news.remaining)
        if isFirst, isTooLittle(news) { return .tooLittle }
        return spending(since: old, news).map { .spending($0) } ?? .nothing
    }

    private mutating func take(_ news: QuotaNews) {
        reading = Reading(
            remaining: news.remaining, lastCall: news.lastCall, sentAt: news.sentAt, receivedAt: news.receivedAt)
    }

    private mutating func begin(_ news: QuotaNews) {
        isPredicted = false
        beganAt = news.sentAt
        limit = news.limit
        highestRemaining = news.remaining
        (earliestReset, latestReset) = (news.sentAt + news.reset - 1, news.sentAt + news.reset)
        take(news)
    }

    /// Two answers agree on the reset where their intervals meet; where the calls' ways differ, in the middle of what is between them.
    private mutating func narrow(latest: Double) {
        let (low, high) = (max(earliestReset, latest - 1), min(latestReset, latest))
        (earliestReset, latestReset) = low - high > slack ? (latest - 1, latest) : (low, high)
    }

    /// The window is over: how long after the one before it?
    private mutating func finish() {
        guard !isPredicted else { return }
        let end = (reset: middle, uncertainty: uncertainty)
        defer { finished = end }
        guard let before = finished else { return }
        let step = end.reset - before.reset
        let error = min(0.5, end.uncertainty + before.uncertainty)
        // A call of the first half of the step can only be of the window right after.
        guard step > 0.5, beganAt - before.reset < step / 2 else { return }
        if let known = length, abs(known.seconds - step) <= known.error + error, known.error <= error { return }
        let whole = step.rounded()
        length = (abs(step - whole) <= error ? whole : step, error)
    }

    private func isTooLittle(_ news: QuotaNews) -> Bool {
        guard let length = length?.seconds else { return false }
        let left = max(0, min(1, (middle - news.sentAt - uncertainty) / length))
        return Double(news.remaining) < Double(size) * pow(left, 10)
    }

    private func spending(since old: Reading, _ new: QuotaNews) -> Spending? {
        let (before, left) = (middle - old.sentAt, middle - new.sentAt)
        guard min(before, left) > 2 * uncertainty + 0.02 else { return nil }
        return Spending(
            byOthers: Double(old.lastCall - new.lastCall), total: Double(old.remaining - new.remaining),
            evenSpending: Double(old.remaining + new.remaining) / 2 * log(before / left))
    }

    // MARK: Time passes

    /// Goes on to the next window where the time for it has come and its length is known.
    mutating func advance(to now: Double, sent: Int) -> Passage {
        guard isKnown, now > isOverAt else { return .same }
        finish()
        guard let length = length?.seconds, !isPredicted, now < isOverAt + length / 2 else { return .unknown }
        reading = Reading(remaining: size, lastCall: size + sent, sentAt: now, receivedAt: now)
        earliestReset += length
        latestReset += length
        isPredicted = true
        return .next
    }

    /// The calls that are left, were there nobody else.
    func remaining(sent: Int) -> Int {
        reading.map { $0.lastCall - sent } ?? 0
    }

    /// The calls that are left where others go on as they did: all together leave `(left / before) ^ S` of what was there.
    func remaining(at now: Double, sent: Int, share: SpendingShare) -> Double {
        guard let reading else { return 0 }
        let own = Double(reading.lastCall - sent)
        let (left, before) = (max(0, middle - now), middle - reading.sentAt)
        guard before > left, share.others > 0 else { return own }
        let all = share.others + share.own
        return own - Double(reading.remaining) * share.others / all * (1 - pow(left / before, all))
    }
}
