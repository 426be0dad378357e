/// Sizes in bytes as text: a whole number, alone or with `KiB`, `MiB` or `GiB`.
package enum ByteSizeText {
    private static let units: [(name: String, bytes: Int)] = [
        ("", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30),
    ]

    /// The bytes; nil where the text is no size, or too large to count.
    package static func parse(_ text: String) -> Int? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits), let unit = units.first(where: { $0.name == text.dropFirst(digits.count) })
        else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: unit.bytes)
        return overflow ? nil : bytes
    }

    /// The text with the largest unit that keeps it whole.
    package static func text(_ bytes: Int) -> String {
        guard bytes != 0, let unit = units.last(where: { bytes % $0.bytes == 0 }) else { return "0" }
        return "\(bytes / unit.bytes)\(unit.name)"
    }
}
