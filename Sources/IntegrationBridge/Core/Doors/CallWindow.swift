/// How calls ended lately: counts over a sliding window, failures in a row, and how many different ids failed.
struct CallWindow: Sendable {
    private struct Part: Sendable {
        var calls = 0
        var failures = 0
    }

    /// More ids than these tell nothing more.
    static let idsRemembered = 3
    private static let partCount = 10

    private let length: Duration
    private let partsPerSecond: Double
    private let start: MonotonicInstant
    private var parts = [Part](repeating: Part(), count: partCount)
    private var newest = 0
    private var failedIDs: [(hash: UInt64, at: MonotonicInstant)] = []
    /// Failures since the last call that did not fail.
    private(set) var failuresInARow = 0

    init(length: Duration, now: MonotonicInstant) {
        self.length = max(length, .milliseconds(10))
        partsPerSecond = Double(Self.partCount) / self.length.inSeconds
        start = now
    }

    mutating func record(failed: Bool, id: UInt64, now: MonotonicInstant) {
        advance(to: now)
        let slot = newest % Self.partCount
        parts[slot].calls += 1
        guard failed else {
            failuresInARow = 0
            return
        }
        parts[slot].failures += 1
        failuresInARow += 1
        let windowStart = now - length
        failedIDs.removeAll { $0.hash == id || $0.at < windowStart }
        failedIDs.append((id, now))
        if failedIDs.count > Self.idsRemembered { failedIDs.removeFirst() }
    }

    /// Different ids that failed within the window, up to ``idsRemembered``.
    func failedIDCount(now: MonotonicInstant) -> Int {
        failedIDs.count { $0.at >= now - length }
    }

    /// Whether at least `ratio` of the calls failed, over the whole window or its latest part.
    ///
    /// The latest part alone counts where it has enough calls to rule out chance: after a fast hour it would take as many
    /// failures as the window had successes before the whole window shows an outage.
    func fails(ratio: Double, minimumCalls: Int, now: MonotonicInstant) -> Bool {
        var calls = 0
        var failures = 0
        let current = partNumber(now)
        for age in 0..<Self.partCount {
            let number = current - age
            // Parts that time has passed over since the last call are not cleared yet.
            if number < 0 { break }
            if number > newest || number <= newest - Self.partCount { continue }
            calls += parts[number % Self.partCount].calls
            failures += parts[number % Self.partCount].failures
            if calls >= max(minimumCalls, 50), Double(failures) >= ratio * Double(calls) { return true }
        }
        return calls >= minimumCalls && Double(failures) >= ratio * Double(calls)
    }

    private func partNumber(_ now: MonotonicInstant) -> Int {
        Int(start.seconds(to: now) * partsPerSecond)
    }

    private mutating func advance(to now: MonotonicInstant) {
        let current = partNumber(now)
        guard current > newest else { return }
        for number in max(newest + 1, current - Self.partCount + 1)...current {
            parts[number % Self.partCount] = Part()
        }
        newest = current
    }
}
