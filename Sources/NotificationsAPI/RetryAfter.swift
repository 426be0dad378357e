public import Foundation

/// When a server asks to be asked again: `Retry-After` (RFC 9110, 10.2.3).
public enum RetryAfter: Hashable, Sendable {
    /// After this time.
    case after(Duration)
    /// From this time on.
    case at(Date)

    /// Reads seconds, also fractional ones, or any of the three forms of an HTTP date; `nil` for anything else.
    public init?(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespaces)
        // `Double` would also read `0x10` and `nan`.
        if text.utf8.allSatisfy({ $0 == UInt8(ascii: ".") || ($0 >= 0x30 && $0 <= 0x39) }) {
            guard let seconds = Double(text), seconds <= 86_400 * 365 else { return nil }
            self = .after(.seconds(seconds))
            return
        }
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(identifier: "GMT")
        for format in ["EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEEE, dd-MMM-yy HH:mm:ss 'GMT'", "EEE MMM d HH:mm:ss yyyy"] {
            formatter.dateFormat = format
            if let date = formatter.date(from: text) {
                self = .at(date)
                return
            }
        }
        return nil
    }
}
