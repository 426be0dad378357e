#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// RFC 3339 text of the wall clock in milliseconds and `Z`, made anew only when the millisecond changes.
struct TimestampText {
    private(set) var bytes: [UInt8] = Array("1970-01-01T00:00:00.000Z".utf8)
    private var milliseconds: Int64 = 0
    private var day: Int64 = 0

    /// Milliseconds since 1970-01-01T00:00:00Z.
    static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    }

    mutating func set(_ milliseconds: Int64) {
        guard milliseconds != self.milliseconds else { return }
        self.milliseconds = milliseconds
        let (days, millisecondOfDay) = milliseconds.floored(by: 86_400_000)
        if days != day { setDate(days) }
        let second = millisecondOfDay / 1000
        put(second / 3600, at: 11, digits: 2)
        put(second / 60 % 60, at: 14, digits: 2)
        put(second % 60, at: 17, digits: 2)
        put(millisecondOfDay % 1000, at: 20, digits: 3)
    }

    /// Days since 1970-01-01 to the proleptic Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms").
    private mutating func setDate(_ days: Int64) {
        day = days
        let (era, dayOfEra) = (days + 719_468).floored(by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        put(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), at: 0, digits: 4)
        put(month, at: 5, digits: 2)
        put(dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, at: 8, digits: 2)
    }

    private mutating func put(_ number: Int64, at position: Int, digits: Int) {
        var rest = number
        for index in stride(from: position + digits - 1, through: position, by: -1) {
            bytes[index] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}

extension Int64 {
    fileprivate func floored(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
