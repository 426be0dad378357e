#if canImport(FoundationEssentials)
    public import FoundationEssentials
#else
    public import Foundation
#endif

/// A point in time as the API wrote it: RFC 3339 with 0 to 9 fraction digits, `Z` or an offset.
public struct Timestamp: Hashable, Sendable, CustomStringConvertible {
    /// The text as it was written.
    public let text: String

    /// Keeps a text, whatever it is.
    public init(_ text: String) {
        self.text = text
    }

    /// The time; `nil` where the text is not RFC 3339. A leap second is the first second of the minute after it.
    public var date: Date? {
        var text = Array(text.utf8)[...]
        guard let year = Self.number(&text, 4), Self.skip(&text, "-"), let month = Self.number(&text, 2),
            Self.skip(&text, "-"), let day = Self.number(&text, 2), Self.skip(&text, "Tt"),
            let hour = Self.number(&text, 2), Self.skip(&text, ":"), let minute = Self.number(&text, 2),
            Self.skip(&text, ":"), let second = Self.number(&text, 2), (1...12).contains(month),
            (1...Self.days(in: month, of: year)).contains(day), hour < 24, minute < 60, second <= 60,
            let fraction = Self.fraction(&text), let offset = Self.offset(&text), text.isEmpty
        else { return nil }
        let seconds = Self.days(toYear: year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        return Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// The text, cut to its first 40 characters.
    public var description: String { String(text.prefix(40)) }

    private static func number(_ text: inout ArraySlice<UInt8>, _ count: Int) -> Int? {
        let digits = text.prefix(count)
        guard digits.count == count, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
        text = text.dropFirst(count)
        return digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    private static func skip(_ text: inout ArraySlice<UInt8>, _ any: StaticString) -> Bool {
        guard let first = text.first, any.withUTF8Buffer({ $0.contains(first) }) else { return false }
        text = text.dropFirst()
        return true
    }

    /// The fraction of a second; zero where there is none, and `nil` where a point has no digit, or more than nine.
    private static func fraction(_ text: inout ArraySlice<UInt8>) -> Double? {
        guard text.first == UInt8(ascii: ".") else { return 0 }
        let digits = text.dropFirst().prefix { $0 >= 0x30 && $0 <= 0x39 }
        guard (1...9).contains(digits.count) else { return nil }
        text = text.dropFirst(1 + digits.count)
        let (value, scale) = digits.reduce((0.0, 1.0)) { ($0.0 * 10 + Double($1 - 0x30), $0.1 * 10) }
        return value / scale
    }

    /// The seconds east of UTC.
    private static func offset(_ text: inout ArraySlice<UInt8>) -> Int? {
        if skip(&text, "Zz") { return 0 }
        let west = text.first == UInt8(ascii: "-")
        guard skip(&text, "+-"), let hours = number(&text, 2), skip(&text, ":"), let minutes = number(&text, 2),
            hours < 24, minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (west ? -1 : 1)
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return month == 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// The days from 1970-01-01 in the proleptic Gregorian calendar, counted in years that start with March.
    private static func days(toYear year: Int, _ month: Int, _ day: Int) -> Int {
        let marchYear = (month > 2 ? year : year - 1) + 400
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return marchYear * 365 + marchYear / 4 - marchYear / 100 + marchYear / 400 + dayOfYear - 719_468 - 146_097
    }
}
