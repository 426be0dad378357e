import JSONText
import Testing

@Suite("JSON strings")
struct JSONStringTests {
    @Test("A string in any spelling decodes to itself, and equals itself only")
    func decodes() throws {
        for seed in 0..<3000 {
            var generator = DocumentGenerator(seed: seed)
            let string = generator.string(16)
            let bytes = Array(generator.bare(.string(string)).utf8)
            try bytes.withUnsafeBytes { text in
                let slice = try JSONScanner.validate(text)
                var copied: [UInt8] = [1]
                #expect(JSONString.copy(slice, in: text, into: &copied))
                #expect(copied == [1] + Array(string.utf8), "seed \(seed)")
                #expect(JSONString.decode(slice, in: text).utf8.elementsEqual(string.utf8), "seed \(seed)")
                #expect(JSONString.equals(slice, in: text, utf8: Array(string.utf8)), "seed \(seed)")
                #expect(
                    !JSONString.equals(slice, in: text, utf8: Array(string.utf8) + [0x61]), "seed \(seed)")
                #expect(
                    !JSONString.equals(slice, in: text, utf8: [0x61] + Array(string.utf8)), "seed \(seed)")
                if !string.isEmpty {
                    #expect(
                        !JSONString.equals(slice, in: text, utf8: Array(string.utf8.dropLast())), "seed \(seed)"
                    )
                }
                #expect(
                    JSONString.hasEscapes(slice, in: text) == bytes.contains(UInt8(ascii: "\\")),
                    "seed \(seed)")
            }
        }
    }

    @Test(
        "Half a surrogate pair is U+FFFD, and is told from a written U+FFFD",
        arguments: [
            (#""\ud800""#, "\u{FFFD}", false), (#""\udc00x""#, "\u{FFFD}x", false),
            (#""\ud800\ud83d\ude00""#, "\u{FFFD}😀", false), (#""\ud800\n""#, "\u{FFFD}\n", false),
            (#""\ud83d\ude00""#, "😀", true), (#""\ufffd""#, "\u{FFFD}", true),
            (#""\ud83dA""#, "\u{FFFD}A", false),
        ])
    func surrogates(text: String, expected: String, isWhole: Bool) throws {
        let bytes = Array(text.utf8)
        try bytes.withUnsafeBytes { text in
            let slice = try JSONScanner.validate(text)
            var copied: [UInt8] = []
            #expect(JSONString.copy(slice, in: text, into: &copied) == isWhole)
            #expect(String(decoding: copied, as: UTF8.self) == expected)
        }
    }

    @Test(
        "A name in code is compared decoded, and byte for byte",
        arguments: [
            (#""lookup""#, true), (#""\u006cookup""#, true), (#""lookup ""#, false),
            (#""Lookup""#, false),
            (#""looku""#, false), (#""\\ookup""#, false), (#""""#, false), ("7", false),
            (#""l\u006fokup""#, true),
        ])
    func equalsName(text: String, isEqual: Bool) throws {
        try Array(text.utf8).withUnsafeBytes { text in
            let slice = try JSONScanner.validate(text)
            #expect(JSONString.equals(slice, in: text, "lookup") == isEqual)
        }
    }

    @Test("Names that look the same but have other bytes are different members")
    func comparesBytes() throws {
        let value = try JSONValue(parsing: "{\"e\u{301}\":1,\"\u{E9}\":2}")
        #expect(value["\u{E9}"] == .number("2"))
        #expect(value["e\u{301}"] == .number("1"))
    }
}
