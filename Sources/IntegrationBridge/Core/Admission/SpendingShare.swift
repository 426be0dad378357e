/// Which part of the rest to spend, with others at the same quota who are seen only by what they leave.
///
/// All callers together spend `S` times what an even spending of the rest would take, and each sees the same `S`. Each takes the
/// share `1 / S`: so shares that started unequal become equal, and `S` settles at the square root of the number of callers.
struct SpendingShare: Sendable {
    /// What others spend, in units of an even spending of the rest.
    private(set) var others = 0.0
    /// What this bridge should spend, in the same units: `own * (others + own) = 1`.
    private(set) var own = 1.0

    private var seenOthers = 0.0
    private var seenEven = 0.0

    /// The part of all spending that others are expected to make.
    var othersPart: Double { others / (others + own) }

    /// - Parameter size: the calls of a window: what is older than about one fades.
    mutating func note(_ spending: Spending, size: Int) {
        let size = Double(max(1, size))
        let fading = 1 - min(0.5, max(0, spending.total) / size)
        seenOthers = seenOthers * fading + spending.byOthers
        seenEven = seenEven * fading + spending.evenSpending
        // A twentieth of a window must have been seen before what was seen counts in full: beginnings are uneven.
        settle(seenOthers / max(seenEven, size / 20, 1))
    }

    /// A window passed without an answer: what was seen of others before may be wrong, and only calls can tell.
    mutating func fade() {
        seenOthers /= 2
        settle(others / 2)
    }

    private mutating func settle(_ others: Double) {
        self.others = max(0, others)
        own = ((self.others * self.others + 4).squareRoot() - self.others) / 2
    }
}
