import JSONText
import Testing

@Suite("Members and elements")
struct TraversalTests {
    @Test("Members and elements come in order, each once, with their own text")
    func visitsAll() throws {
        for seed in 0..<1500 {
            var generator = DocumentGenerator(seed: seed)
            let value = generator.value(depth: 4)
            let bytes = Array(generator.text(value).utf8)
            try bytes.withUnsafeBytes { text in
                let root = try JSONScanner.validate(text)
                #expect(try rebuild(root, in: text).bytes == value.bytes, "seed \(seed)")
            }
        }
    }

    private func rebuild(_ slice: JSONSlice, in text: UnsafeRawBufferPointer) throws -> JSONValue {
        switch slice.kind {
        case .object:
            var members: [JSONValue.Member] = []
            try JSONScanner.forEachMember(of: slice, in: text) { name, value in
                members.append(.init(JSONString.decode(name, in: text), try rebuild(value, in: text)))
                return true
            }
            return .object(members)
        case .array:
            var elements: [JSONValue] = []
            try JSONScanner.forEachElement(of: slice, in: text) { element in
                elements.append(try rebuild(element, in: text))
                return true
            }
            return .array(elements)
        case .string: return .string(JSONString.decode(slice, in: text))
        case .number: return .number(String(decoding: text[slice.range], as: UTF8.self))
        case .bool(let value): return .bool(value)
        case .null: return .null
        }
    }

    @Test("A body that has seen enough is not called again, and its error comes through")
    func stops() throws {
        struct Enough: Error {}
        let bytes = Array(#"[{"a":1,"b":2,"a":3},[4,5,6]]"#.utf8)
        try bytes.withUnsafeBytes { text in
            let root = try JSONScanner.validate(text)
            var parts: [JSONSlice] = []
            try JSONScanner.forEachElement(of: root, in: text) {
                parts.append($0)
                return true
            }
            var calls = 0
            try JSONScanner.forEachMember(of: parts[0], in: text) { _, _ in
                calls += 1
                return calls < 2
            }
            #expect(calls == 2)
            try JSONScanner.forEachElement(of: parts[1], in: text) { _ in
                calls += 1
                return false
            }
            #expect(calls == 3)
            #expect(throws: Enough.self) {
                try JSONScanner.forEachElement(of: parts[1], in: text) { _ in throw Enough() }
            }
            try JSONScanner.forEachMember(of: parts[1], in: text) { _, _ in
                calls += 1
                return true
            }
            try JSONScanner.forEachElement(of: parts[0], in: text) { _ in
                calls += 1
                return true
            }
            #expect(calls == 3, "an array has no members, and an object no elements")
        }
    }
}
