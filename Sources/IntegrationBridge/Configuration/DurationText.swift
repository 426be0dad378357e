/// Durations as text: a whole number and a unit, `250ms`, `10s`, `5m`, `2h`, `1d`.
package enum DurationText {
    private static let units: [(name: String, milliseconds: Int64)] = [
        ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000),
    ]

    /// The duration; nil where the text is none, or too large to count in milliseconds.
    package static func parse(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int64(digits),
            let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (milliseconds, overflow) = number.multipliedReportingOverflow(by: unit.milliseconds)
        return overflow ? nil : .milliseconds(milliseconds)
    }

    /// The text with the largest unit that keeps it whole; what is finer than a millisecond is cut.
    package static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let fraction = attoseconds / 1_000_000_000_000_000
        guard fraction == 0 else {
            let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
            return overflow ? "\(seconds)s" : "\(milliseconds + fraction)ms"
        }
        let unit = units.dropFirst().last { seconds != 0 && seconds % ($0.milliseconds / 1_000) == 0 }
        guard let unit else { return "0s" }
        return "\(seconds / (unit.milliseconds / 1_000))\(unit.name)"
    }
}
