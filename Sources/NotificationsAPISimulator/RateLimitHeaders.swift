internal import Foundation

/// How answers tell of the rate limit.
enum RateLimitHeaders {
    typealias Limit = SimulatorConfiguration.RateLimit

    static func fields(_ limit: Limit, _ verdict: RateLimiter.Verdict) -> [(name: String, value: String)] {
        guard limit.sendsHeaders else { return [] }
        return [
            ("X-RateLimit-Limit", "\(limit.limit)"), ("X-RateLimit-Remaining", "\(verdict.remaining)"),
            ("X-RateLimit-Reset", "\(seconds(verdict.reset))"),
        ]
    }

    static func retryAfter(_ limit: Limit, _ verdict: RateLimiter.Verdict) -> [(name: String, value: String)] {
        switch limit.retryAfter {
        case .none: []
        case .seconds: [("Retry-After", "\(seconds(verdict.retryAfter))")]
        case .date: [("Retry-After", date(after: verdict.retryAfter))]
        }
    }

    /// Whole seconds, rounded up, at least 1.
    private static func seconds(_ time: Duration) -> Int {
        max(1, Int((time / .seconds(1)).rounded(.up)))
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`, rounded up to the second.
    private static func date(after wait: Duration) -> String {
        var time = time_t((Date().timeIntervalSince1970 + wait / .seconds(1)).rounded(.up))
        var parts = tm()
        gmtime_r(&time, &parts)
        var text = [CChar](repeating: 0, count: 64)
        let count = strftime(&text, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
        return String(decoding: text[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
