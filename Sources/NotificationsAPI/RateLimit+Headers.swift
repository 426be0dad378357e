internal import CURLTransport

extension RateLimit {
    /// Reads `X-RateLimit-*`; `nil` where a response has none that can be read. `Reset` is in relative seconds.
    init?(_ response: HTTPResponse) {
        func trimmed(_ text: String) -> String { String(text.drop { $0 == " " }) }
        func number(_ name: String) -> Int? {
            // Without the algorithms of Characters: this is read from every answer.
            response.header(name).flatMap { Int($0.utf8.first == UInt8(ascii: " ") ? trimmed($0) : $0) }
                .flatMap { $0 >= 0 ? $0 : nil }
        }
        let limit = number("x-ratelimit-limit")
        let remaining = number("x-ratelimit-remaining")
        let reset = number("x-ratelimit-reset").flatMap { $0 <= 86_400 * 365 ? Duration.seconds($0) : nil }
        guard limit != nil || remaining != nil || reset != nil else { return nil }
        self.init(limit: limit, remaining: remaining, reset: reset)
    }
}
