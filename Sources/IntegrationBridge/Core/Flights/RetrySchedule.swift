/// When to try again: capped exponential backoff with full jitter.
///
/// A wait is drawn evenly from zero to `min(maximum, initial * 2^(attempt - 1))`, so that clients that failed together do
/// not come back together.
struct RetrySchedule: Sendable {
    var initial: Duration
    var maximum: Duration

    /// The longest wait after the given number of attempts, 1 being the first.
    func ceiling(afterAttempt attempt: Int) -> Duration {
        var ceiling = initial
        for _ in 1..<max(1, attempt) {
            if ceiling >= maximum { break }
            ceiling = ceiling * 2
        }
        return min(ceiling, maximum)
    }

    func wait(afterAttempt attempt: Int, using random: inout some RandomNumberGenerator) -> Duration {
        ceiling(afterAttempt: attempt) * Double.random(in: 0...1, using: &random)
    }
}
