import JSONText
import Testing

@Suite("JSON pointers")
struct PointerTests {
    @Test("Every value of a document is found by its pointer")
    func findsEverything() throws {
        for seed in 0..<1500 {
            var generator = DocumentGenerator(seed: seed)
            let value = generator.value(depth: 4)
            let bytes = Array(generator.text(value).utf8)
            for (pointer, expected) in places(in: value, below: "") {
                let pointer = try JSONPointer(pointer)
                let found = try bytes.withUnsafeBytes { try JSONScanner.find(pointer, in: $0).found }
                let text = try #require(found.map { Array(bytes[$0.range]) }, "seed \(seed), \(pointer)")
                #expect(try JSONValue(parsing: text).bytes == expected.bytes, "seed \(seed), \(pointer)")
            }
        }
    }

    @Test(
        "A text that does not parse is refused, even when what was looked for stands before the fault")
    func refusesFaultBehind() throws {
        let pointer = try JSONPointer("/id")
        for text in [#"{"id":1,}"#, #"{"id":1} x"#, #"{"id":1,"a":[1,]}"#, #"{"id":1"#] {
            #expect(throws: JSONSyntaxError.self) {
                try Array(text.utf8).withUnsafeBytes { _ = try JSONScanner.find(pointer, in: $0) }
            }
        }
    }

    @Test(
        "A pointer outside RFC 6901 is refused with its own text and what to write",
        arguments: [
            ("id", "start with '/'"), (" /id", "start with '/'"), ("/a~", "~0"), ("/a~2b", "~1"),
            ("/~", "~0"),
        ])
    func refusesBadPointers(text: String, hint: String) {
        let error = #expect(throws: JSONPointerError.self) { _ = try JSONPointer(text) }
        #expect(error?.message.contains("'\(text)'") == true)
        #expect(error?.message.contains(hint) == true)
    }

    @Test("A pointer that no text can answer, because it is deeper than texts may be, is refused")
    func refusesDeepPointers() throws {
        _ = try JSONPointer(String(repeating: "/a", count: 512))
        #expect(throws: JSONPointerError.self) {
            _ = try JSONPointer(String(repeating: "/a", count: 513))
        }
    }

    @Test("Escapes are undone once, in RFC 6901's order, and empty names are names")
    func unescapes() throws {
        #expect(try JSONPointer("/~01/a~1b//").tokens == ["~1", "a/b", "", ""])
        #expect(try JSONPointer("").tokens == [])
        #expect(try JSONPointer("/x").description == "/x")
    }

    @Test(
        "What has no leading zero and only digits is an index; nothing else finds an element",
        arguments: [
            ("/0", true), ("/1", true), ("/2", false), ("/00", false), ("/-", false), ("/+0", false),
            ("/99999999999999999999", false), ("/٠", false), ("/", false),
        ])
    func indexes(pointer: String, isFound: Bool) throws {
        let pointer = try JSONPointer(pointer)
        let found = try Array("[7,8]".utf8).withUnsafeBytes {
            try JSONScanner.find(pointer, in: $0).found
        }
        #expect((found != nil) == isFound)
    }

    private func places(in value: JSONValue, below pointer: String) -> [(String, JSONValue)] {
        var all = [(pointer, value)]
        for (index, element) in (value.elements ?? []).enumerated() {
            all += places(in: element, below: "\(pointer)/\(index)")
        }
        for member in value.members ?? [] {
            all += places(in: member.value, below: pointer + "/" + Self.escaped(member.name))
        }
        return all
    }

    private static func escaped(_ name: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in name.unicodeScalars {
            switch scalar {
            case "~": result.append(contentsOf: "~0".unicodeScalars)
            case "/": result.append(contentsOf: "~1".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
