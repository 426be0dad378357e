internal import Foundation

/// Numbers and times for people.
enum NumberText {
    /// `1,234,567`.
    static func grouped(_ number: Int) -> String {
        var digits = String(number.magnitude)
        var groups: [Substring] = []
        while digits.count > 3 {
            groups.append(digits.suffix(3))
            digits.removeLast(3)
        }
        groups.append(digits[...])
        return (number < 0 ? "-" : "") + groups.reversed().joined(separator: ",")
    }

    /// `0.42 s`, `12.3 s`, `2 min 5 s`.
    static func time(_ duration: Duration) -> String {
        let seconds = duration / .seconds(1)
        if seconds < 10 { return String(format: "%.2f s", seconds) }
        if seconds < 60 { return String(format: "%.1f s", seconds) }
        return "\(Int(seconds) / 60) min \(Int(seconds) % 60) s"
    }

    /// `1 request`, `2 requests`.
    static func counted(_ number: Int, _ noun: String) -> String {
        "\(grouped(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// How many a second, as a whole number.
    static func rate(_ count: Int, in duration: Duration) -> String {
        grouped(Int((Double(count) / max(0.001, duration / .seconds(1))).rounded()))
    }
}
