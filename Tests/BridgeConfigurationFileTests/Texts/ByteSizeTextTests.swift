import IntegrationBridge
import Testing

@Suite("Sizes as text") struct ByteSizeTextTests {
    @Test(
        "each unit is read, plain bytes, zero and the largest count included",
        arguments: [
            ("0", 0), ("1", 1), ("0KiB", 0), ("512KiB", 524_288), ("64MiB", 67_108_864), ("1GiB", 1_073_741_824),
            ("9223372036854775807", Int.max), ("8589934591GiB", 8_589_934_591 << 30),
        ])
    func reads(text: String, bytes: Int) {
        #expect(ByteSizeText.parse(text) == bytes)
    }

    @Test(
        "what is not a whole number with or without a unit is no size, and neither is what cannot be counted",
        arguments: [
            "", "KiB", "-1", "+1", "1.5MiB", "1 MiB", " 1", "1 ", "1KB", "1kib", "1M", "1B", "1TiB", "0x10",
            "\u{0661}", "9223372036854775808", "8589934592GiB", "9223372036854775807KiB",
        ])
    func refuses(text: String) {
        #expect(ByteSizeText.parse(text) == nil)
    }

    @Test(
        "the text has the largest unit that keeps it whole",
        arguments: [
            (0, "0"), (1, "1"), (1_023, "1023"), (1_024, "1KiB"), (1_536, "1536"), (1_048_576, "1MiB"),
            (1_572_864, "1536KiB"), (1_073_741_824, "1GiB"), (-1_024, "-1KiB"),
        ])
    func writes(bytes: Int, text: String) {
        #expect(ByteSizeText.text(bytes) == text)
    }

    @Test("what is written is read as the same size", arguments: [1 as UInt64, 2, 3])
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            let bytes = Int.random(in: 0...100_000, using: &random) << Int.random(in: 0...40, using: &random)
            #expect(ByteSizeText.parse(ByteSizeText.text(bytes)) == bytes, "seed \(seed)")
        }
    }
}
