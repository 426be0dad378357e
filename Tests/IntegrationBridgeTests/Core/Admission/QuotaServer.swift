@testable import IntegrationBridge

/// An API's way of counting calls, in virtual time (seconds).
struct QuotaServer {
    enum Kind: String, CaseIterable {
        /// All is given back at once, at fixed moments.
        case fixedWindow = "fixed window"
        /// Each call is given back a window's length after it was made; Reset is when the oldest one is.
        case slidingWindow = "sliding window"
        /// Calls are given back one by one; Reset is when all are.
        case tokenBucket = "token bucket"
    }

    struct Answer {
        var isRefused: Bool
        var retryAfter: Double?
        var report: BudgetReport
    }

    let kind: Kind
    private(set) var limit: Int
    private(set) var window: Double
    private var windowEnd: Double
    private var used = 0
    private var made = RingQueue<Double>()
    private var tokens: Double
    private var refilledAt = 0.0

    init(kind: Kind, limit: Int, window: Double, phase: Double) {
        self.kind = kind
        self.limit = limit
        self.window = window
        windowEnd = phase
        tokens = Double(limit)
    }

    mutating func change(limit: Int, window: Double, now: Double) {
        _ = remaining(now)
        self.limit = limit
        if window != self.window { windowEnd = min(windowEnd, now + window) }
        self.window = window
        tokens = min(tokens, Double(limit))
    }

    mutating func call(at now: Double) -> Answer {
        let isRefused = remaining(now) < 1
        if !isRefused {
            used += 1
            tokens -= 1
            if kind == .slidingWindow { made.append(now) }
        }
        let left = remaining(now)
        let (reset, retry) = waits(now)
        return Answer(
            isRefused: isRefused, retryAfter: isRefused ? max(1, retry.rounded(.up)) : nil,
            report: BudgetReport(limit: limit, remaining: left, reset: .seconds(Int(reset.rounded(.up)))))
    }

    /// The answer to a call that is refused though the quota has room for it.
    mutating func refuse(at now: Double) -> Answer {
        let left = remaining(now)
        return Answer(
            isRefused: true, retryAfter: nil,
            report: BudgetReport(limit: limit, remaining: left, reset: .seconds(Int(waits(now).0.rounded(.up)))))
    }

    private mutating func remaining(_ now: Double) -> Int {
        switch kind {
        case .fixedWindow:
            if now >= windowEnd {
                windowEnd += window * (((now - windowEnd) / window).rounded(.down) + 1)
                used = 0
            }
            return max(0, limit - used)
        case .slidingWindow:
            while let oldest, oldest <= now - window { _ = made.popFirst() }
            return max(0, limit - made.count)
        case .tokenBucket:
            tokens = min(Double(limit), tokens + (now - refilledAt) * Double(limit) / window)
            refilledAt = now
            return Int(tokens.rounded(.down))
        }
    }

    private var oldest: Double? {
        mutating get {
            guard let first = made.popFirst() else { return nil }
            made.prepend(first)
            return first
        }
    }

    /// Until the reset that is told, and until the next call can succeed.
    private mutating func waits(_ now: Double) -> (Double, Double) {
        switch kind {
        case .fixedWindow: (windowEnd - now, windowEnd - now)
        case .slidingWindow: oldest.map { ($0 + window - now, $0 + window - now) } ?? (0, 0)
        case .tokenBucket:
            ((Double(limit) - tokens) * window / Double(limit), max(0, 1 - tokens) * window / Double(limit))
        }
    }
}
