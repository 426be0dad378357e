import JSONText
import Testing

@Suite("JSON scanner")
struct JSONScannerTests {
    static let accepted = [
        "{}", "[]", " [1, -0, 0.5, 1e9, 1E-2, 12345678901234567890] ", "\"\"", "null", "true", "false", "0",
        #"{"a":{"b":[null,true,"x"]}}"#, #""\u0000\ud83d\ude00\/\b\f\n\r\t\\\"""#, #""\ud800""#, "\"é😀\u{7F}\"",
    ]
    static let refused = [
        "", " ", "{", "[", "[1,]", "[,1]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "01", "-", "1.", ".5", "1e",
        "+1", "0x1", "NaN", "tru", "nul", "\"", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"a\nb\"", "\"\u{0}\"", "1 2",
        "{} x", "[1\u{0}]", "\u{FEFF}{}", "'a'", "[1}", "{\"a\":1]", "\u{A0}1",
    ]

    @Test("A text within RFC 8259 is accepted", arguments: accepted)
    func accepts(_ text: String) throws {
        _ = try JSONValue(parsing: text)
        try Array(text.utf8).withUnsafeBytes { _ = try JSONScanner.validate($0) }
    }

    @Test("A text outside RFC 8259 is refused", arguments: refused)
    func refuses(_ text: String) {
        #expect(throws: JSONSyntaxError.self) {
            try Array(text.utf8).withUnsafeBytes { _ = try JSONScanner.validate($0) }
        }
    }

    @Test("Bytes that are not UTF-8 are refused")
    func refusesBadUTF8() {
        let bad: [[UInt8]] = [
            [0x80], [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x80, 0x80], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC3], [0xE2, 0x82], [0xFF],
        ]
        for bytes in bad {
            #expect(throws: JSONSyntaxError.self) {
                try ([0x22] + bytes + [0x22]).withUnsafeBytes { _ = try JSONScanner.validate($0) }
            }
        }
    }

    @Test("512 levels are accepted, 513 refused")
    func limitsDepth() throws {
        for (levels, fits) in [(512, true), (513, false)] {
            let text = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
            #expect(((try? JSONValue(parsing: text)) != nil) == fits)
        }
    }

    @Test("Every cut of a document is refused, and it comes back as it was written")
    func refusesPrefixes() throws {
        let text = #"{"a":[1.10,-2e+3,true,null],"é":{"x\"y":"\u001f\n😀"},"a":[]}"#
        let bytes = Array(text.utf8)
        for count in 0..<bytes.count {
            #expect(throws: JSONSyntaxError.self) { _ = try JSONValue(parsing: Array(bytes[..<count])) }
        }
        #expect(try JSONValue(parsing: bytes).description == text)
    }

    @Test(
        "A pointer finds the first of repeated members, escaped names, and elements",
        arguments: [
            ("/id", #"{"id":1,"id":2}"#, "1"), ("/id", #"{"x":{"id":3},"\u0069d":4}"#, "4"),
            ("/a~1b/1", #"{"a/b":[5,[6]]}"#, "[6]"), ("", " 7 ", "7"), ("/id", "[]", nil), ("/01", "[8,9]", nil),
        ] as [(String, String, String?)])
    func finds(pointer: String, text: String, expected: String?) throws {
        let pointer = try JSONPointer(pointer)
        let bytes = Array(text.utf8)
        let found = try bytes.withUnsafeBytes { try JSONScanner.find(pointer, in: $0).found }
        #expect(found.map { String(decoding: bytes[$0.range], as: UTF8.self) } == expected)
    }
}
