import Foundation
import Testing

@testable import IntegrationBridge

@Suite("TimestampText")
struct TimestampTextTests {
    @Test("Milliseconds become RFC 3339 text as Foundation writes it, over five centuries")
    func againstFoundation() {
        var random = SplitMix64(seed: 5)
        var text = TimestampText()
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)
        let range = Int64(-2_000_000_000_000)...Int64(14_000_000_000_000)
        var times = (0..<5000).map { _ in Int64.random(in: range, using: &random) }
        times += [0, -1, 951_782_400_000, 951_868_799_999, 4_107_542_400_000, 1_700_000_000_123]
        for milliseconds in times {
            text.set(milliseconds)
            let seconds = Double(milliseconds.quotientAndRemainder(dividingBy: 1000).quotient)
            let rest = Double(milliseconds % 1000) / 1000
            let date = Date(timeIntervalSince1970: seconds + rest)
            let expected = style.format(date)
            #expect(String(decoding: text.bytes, as: UTF8.self).prefix(19) == expected.prefix(19) || rest != 0)
            if rest == 0 { #expect(String(decoding: text.bytes, as: UTF8.self) == expected) }
        }
        text.set(1_700_000_000_123)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "2023-11-14T22:13:20.123Z")
        text.set(-1)
        #expect(String(decoding: text.bytes, as: UTF8.self) == "1969-12-31T23:59:59.999Z")
    }
}
