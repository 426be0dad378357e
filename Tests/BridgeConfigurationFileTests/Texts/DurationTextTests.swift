import IntegrationBridge
import Testing

@Suite("Durations as text") struct DurationTextTests {
    @Test(
        "each unit is read, zero and the largest count included",
        arguments: [
            ("0s", Duration.zero), ("0ms", .zero), ("250ms", .milliseconds(250)), ("10s", .seconds(10)),
            ("5m", .seconds(300)), ("2h", .seconds(7_200)), ("1d", .seconds(86_400)), ("007s", .seconds(7)),
            ("9223372036854775807ms", .milliseconds(Int64.max)), ("106751991167d", .seconds(106_751_991_167 * 86_400)),
        ])
    func reads(text: String, duration: Duration) {
        #expect(DurationText.parse(text) == duration)
    }

    @Test(
        "what is not a whole number and a unit is no duration, and neither is what cannot be counted",
        arguments: [
            "", "10", "s", "ms", "-1s", "+1s", "1.5s", "1 s", " 1s", "1s ", "1S", "1us", "1w", "1m30s", "0x1s", "1e3s",
            "\u{0661}s", "9223372036854775808ms", "9223372036854775807s", "106751991168d", "PT5M",
        ])
    func refuses(text: String) {
        #expect(DurationText.parse(text) == nil)
    }

    @Test(
        "the text has the largest unit that keeps it whole",
        arguments: [
            (Duration.zero, "0s"), (.milliseconds(1), "1ms"), (.milliseconds(999), "999ms"),
            (.milliseconds(1_000), "1s"), (.milliseconds(1_500), "1500ms"), (.seconds(60), "1m"), (.seconds(61), "61s"),
            (.seconds(3_600), "1h"), (.seconds(5_400), "90m"), (.seconds(86_400), "1d"), (.seconds(90_000), "25h"),
            (.microseconds(1_999), "1ms"), (.microseconds(999), "0s"), (.milliseconds(-1), "-1ms"),
            (.seconds(-60), "-1m"),
        ])
    func writes(duration: Duration, text: String) {
        #expect(DurationText.text(duration) == text)
    }

    @Test("what is written is read as the same duration", arguments: [1 as UInt64, 2, 3])
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            let units: [Int64] = [1, 1_000, 60_000, 3_600_000, 86_400_000]
            let duration = Duration.milliseconds(
                Int64.random(in: 0...100_000, using: &random) * (units.randomElement(using: &random) ?? 1))
            #expect(DurationText.parse(DurationText.text(duration)) == duration, "seed \(seed)")
        }
    }
}
