/// Decides when an outage is worth a line: when it begins, once in a while, and when it is over.
struct TroubleLog: Sendable {
    enum Line: Hashable, Sendable {
        /// Calls begin to fail, or still do: so many since the line before.
        case failing(calls: Int)
        /// A call succeeded again, after so many that failed.
        case over(calls: Int)
    }

    /// Time between two lines of one outage.
    let interval: Duration

    private var failedInAll = 0
    /// Whether a line told of failures that is not taken back yet.
    private var isTold = false
    private var sinceLine = 0
    private var lastLine: MonotonicInstant?

    init(interval: Duration) {
        self.interval = interval
    }

    mutating func failed(now: MonotonicInstant) -> Line? {
        failedInAll += 1
        sinceLine += 1
        if let lastLine, lastLine.duration(to: now) < interval { return nil }
        lastLine = now
        isTold = true
        defer { sinceLine = 0 }
        return .failing(calls: sinceLine)
    }

    /// A call got an answer that is no fault of the API.
    mutating func succeeded(now: MonotonicInstant) -> Line? {
        guard failedInAll > 0 else { return nil }
        // One failed call among many that succeed is told once in a while only.
        guard let lastLine, lastLine.duration(to: now) >= .seconds(1) else { return nil }
        defer {
            failedInAll = 0
            sinceLine = 0
            self.lastLine = now
            isTold = false
        }
        return isTold && failedInAll > 1 ? .over(calls: failedInAll) : nil
    }
}
