/// A value as a message shows it: in quotes, on one line, and not longer than a person reads.
package enum QuotedText {
    static let maximumLength = 80

    package static func of(_ text: String) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(maximumLength) {
            shown.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
        }
        let isCut = text.unicodeScalars.count > maximumLength
        return "'\(String(shown))\(isCut ? "..." : "")'"
    }
}
