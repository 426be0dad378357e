/// How many calls have no answer yet. A plain value: it is told the time.
struct CallsUnderWay {
    private var undecided = 0
    private var ends: [ContinuousClock.Instant] = []

    /// Begins a call, unless as many are under way as may be.
    mutating func begin(limit: Int?, now: ContinuousClock.Instant) -> Bool {
        ends.removeAll { $0 <= now }
        if let limit, ends.count + undecided >= limit { return false }
        undecided += 1
        return true
    }

    /// A call's answer is decided on, and comes after this time.
    mutating func decided(in time: Duration, now: ContinuousClock.Instant) {
        undecided -= 1
        if time > .zero { ends.append(now + time) }
    }
}
