/// How many calls may be under way: doubled with each round trip at first, and lowered where the API shows a limit of its own.
struct ConcurrencyLimit: Sendable {
    /// Calls under way before the first answer.
    static let firstCalls = 4.0

    let maximum: Double
    private var limit: Double
    /// Up to here it doubles with each round trip; from here on it grows by one with each.
    private var threshold: Double
    /// The number that was too many, and how many answers must come before it is tried again.
    private var tooMany = Double.infinity
    private var patience = 1.0
    /// Calls up to this number were sent before the latest change, and say nothing about it.
    private var changedAt = 0

    init(maximum: Int) {
        self.maximum = Double(max(1, maximum))
        limit = min(Self.firstCalls, self.maximum)
        threshold = self.maximum
    }

    var current: Int { Int(limit) }

    /// A call got an answer, with at most so many under way since it was sent. Where a budget is known (`isPaced`), the pace
    /// keeps calls from rushing.
    mutating func answered(number: Int, underWay: Int, isPaced: Bool) {
        // Three times: of a round trip's calls that are sent and answered together, the middle one sees half as many.
        guard limit < maximum, number > changedAt, 3 * underWay >= Int(limit) else { return }
        if limit < threshold {
            limit = isPaced ? threshold : min(limit + 1, threshold)
        } else if limit + 1 < tooMany {
            limit += 1 / limit
        } else {
            limit += 1 / (limit * 32 * patience)
        }
        limit = min(limit, maximum)
    }

    /// A call was refused though budget was left: too many were under way. Counts once per round trip.
    mutating func refused(number: Int, underWay: Int, lastSent: Int) {
        guard number > changedAt else { return }
        changedAt = lastSent
        let level = min(limit.rounded(.down), Double(underWay))
        patience = level >= tooMany - 1 ? min(patience * 2, 32) : 1
        tooMany = max(2, level)
        limit = max(1, (tooMany * 0.7).rounded(.down))
        threshold = limit
    }

    /// The gate closed: after it one call goes first.
    mutating func restart(lastSent: Int) {
        changedAt = lastSent
        limit = 1
    }
}
