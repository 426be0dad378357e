#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A point in time on the machine's monotonic clock, in whole nanoseconds since some start.
///
/// `ContinuousClock.Instant` has a layout that is known at run time only: each comparison and each copy of a value that holds
/// one is a call, which was a fifth of what a look-up cost.
struct MonotonicInstant: InstantProtocol, Sendable {
    private let nanoseconds: Int64

    private init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    static var now: MonotonicInstant {
        var time = timespec()
        #if canImport(Darwin)
            clock_gettime(CLOCK_MONOTONIC_RAW, &time)
        #else
            // Goes on while the machine sleeps, as `ContinuousClock` does.
            clock_gettime(CLOCK_BOOTTIME, &time)
        #endif
        return MonotonicInstant(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    /// The same point on the clock that `Task.sleep` and the Kafka client use.
    init(_ instant: ContinuousClock.Instant) {
        self = .now + ContinuousClock.now.duration(to: instant)
    }

    func advanced(by duration: Duration) -> MonotonicInstant {
        let (sum, overflows) = nanoseconds.addingReportingOverflow(duration.wholeNanoseconds)
        guard overflows else { return MonotonicInstant(nanoseconds: sum) }
        return MonotonicInstant(nanoseconds: duration < .zero ? .min : .max)
    }

    func duration(to other: MonotonicInstant) -> Duration {
        let (difference, overflows) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        // Not `.nanoseconds()`, which is generic and not specialized: it costs ten times as much.
        let (seconds, rest) = (overflows ? (other < self ? .min : .max) : difference)
            .quotientAndRemainder(dividingBy: 1_000_000_000)
        return Duration(secondsComponent: seconds, attosecondsComponent: rest * 1_000_000_000)
    }

    func nanoseconds(to other: MonotonicInstant) -> Int64 { other.nanoseconds &- nanoseconds }

    func moved(byNanoseconds difference: Int64) -> MonotonicInstant {
        let (sum, overflows) = nanoseconds.addingReportingOverflow(difference)
        return MonotonicInstant(nanoseconds: overflows ? (difference < 0 ? .min : .max) : sum)
    }

    /// Seconds as a number, for arithmetic with rates.
    func seconds(to other: MonotonicInstant) -> Double {
        Double(other.nanoseconds &- nanoseconds) * 1e-9
    }

    static func < (left: MonotonicInstant, right: MonotonicInstant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    static func + (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant.advanced(by: duration)
    }

    static func - (instant: MonotonicInstant, duration: Duration) -> MonotonicInstant {
        instant.advanced(by: .zero - duration)
    }

    static func - (left: MonotonicInstant, right: MonotonicInstant) -> Duration {
        right.duration(to: left)
    }
}

extension MonotonicInstant {
    /// Sleeps until then, or until the task is cancelled.
    static func sleep(until instant: MonotonicInstant) async {
        try? await Task.sleep(for: now.duration(to: instant))
    }
}

extension Duration {
    /// Rounded towards zero; at most what 64 bits hold, which is 292 years.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflows else { return seconds < 0 ? .min : .max }
        let (sum, isTooMuch) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return isTooMuch ? (seconds < 0 ? .min : .max) : sum
    }
}
