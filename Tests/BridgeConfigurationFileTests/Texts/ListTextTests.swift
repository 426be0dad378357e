import IntegrationBridge
import Testing

@Suite("Lists as one text") struct ListTextTests {
    @Test(
        "items stand between commas, without white space around them, and empty ones are left out",
        arguments: [
            ("", []), ("a", ["a"]), ("a,b", ["a", "b"]), (" a , b\t", ["a", "b"]), (",a,,b,", ["a", "b"]), (" , ", []),
            (#"a\,b,c"#, ["a,b", "c"]), (#"a\b"#, [#"a\b"#]), (#"a\\,b"#, [#"a\,b"#]), (#"a\"#, [#"a\"#]),
            (#"\,"#, [","]), ("a b,c", ["a b", "c"]), ("e\u{0301},\u{1F600}", ["e\u{0301}", "\u{1F600}"]),
            // A combining mark makes one character of itself and the comma before it.
            ("a,\u{0301}b", ["a", "\u{0301}b"]),
        ])
    func reads(text: String, items: [String]) {
        #expect(ListText.items(text) == items)
    }

    @Test("what is written is read as the same items", arguments: [1 as UInt64, 2, 3])
    func roundTrip(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1_000 {
            let items = (0..<Int.random(in: 0...4, using: &random)).map { _ in
                // An item that ends in a backslash can only be the last, so 'x' ends each.
                String((0..<5).map { _ in Array(#",\=ab"#).randomElement(using: &random) ?? "a" }) + "x"
            }
            #expect(ListText.items(ListText.text(items)) == items, "seed \(seed)")
        }
    }
}
