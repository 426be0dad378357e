import JSONText
import Testing

@Suite("JSON values")
struct JSONValueTests {
    @Test("A formatted value has one member or element to a line, and nothing between empty brackets")
    func formats() throws {
        let value = try JSONValue(parsing: #"{"a":[1.10,{"b":null}],"c":{},"d":[],"e":"x\n"}"#)
        #expect(
            value.formatted() == """
                {
                  "a": [
                    1.10,
                    {
                      "b": null
                    }
                  ],
                  "c": {},
                  "d": [],
                  "e": "x\\n"
                }
                """)
    }

    @Test("Colours are only added: without their sequences the text is the plain one")
    func colors() throws {
        let value = try JSONValue(parsing: #"{"a":[1,true,null,"s"],"b":{"c":"d"}}"#)
        let colored = value.formatted(colored: true)
        #expect(colored != value.formatted())
        #expect(colored.replacing(#/\u{1B}\[[0-9]+m/#, with: "") == value.formatted())
    }

    @Test("Numbers keep their text, members their order and repetitions")
    func keeps() throws {
        let text = #"{"b":1.10,"a":12345678901234567890,"b":-0,"c":1E+02}"#
        let value = try JSONValue(parsing: text)
        #expect(value.description == text)
        #expect(value["b"] == .number("1.10"))
        #expect(value["z"] == nil)
    }

    @Test("An accessor gives a value of its own type, and nothing for another")
    func accessors() {
        let array = JSONValue.array([.number("7"), .string("x")])
        #expect(
            array[0]?.integer == 7 && array[1]?.string == "x" && array[2] == nil && array[-1] == nil)
        #expect(
            array["a"] == nil && array.members == nil && array.string == nil && array.integer == nil)
        #expect(JSONValue.number("1.0").integer == nil)
        #expect(JSONValue.number("9223372036854775808").integer == nil)
        #expect(JSONValue.number("-9223372036854775808").integer == .min)
        #expect(JSONValue.object([])[0] == nil && JSONValue.object([]).elements == nil)
    }

    @Test(
        "A refused text says what is wrong, and at which byte",
        arguments: [
            ("{\"a\":01}", 5, .invalidNumber), ("[1 2]", 3, .unexpectedByte), ("[1", 2, .unexpectedEnd),
            ("1 2", 2, .trailingBytes), ("\"\\x\"", 1, .invalidEscape),
            ("\"a\u{1}\"", 2, .controlCharacter),
            (String(repeating: "[", count: 600), 512, .tooDeep), ("", 0, .unexpectedEnd),
        ] as [(String, Int, JSONSyntaxError.Reason)])
    func explains(text: String, offset: Int, reason: JSONSyntaxError.Reason) {
        let error = #expect(throws: JSONSyntaxError.self) { _ = try JSONValue(parsing: text) }
        #expect(error?.offset == offset && error?.reason == reason)
        #expect(error?.description == "invalid JSON at byte \(offset): \(reason)")
    }
}
