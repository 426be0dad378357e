import Foundation
import IntegrationBridge
import Testing

@Suite("The schema") struct SchemaTests {
    @Test("the schema names its dialect and its own address, and takes nothing that it does not name, at any level")
    func closed() throws {
        let schema = try SchemaFile()
        #expect(schema.root["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(
            schema.root["$id"] as? String == "configuration.schema.json")
        for (path, group) in schema.groups {
            #expect(group["additionalProperties"] as? Bool == false, "\(path)")
            #expect(group["type"] as? [String] == ["object", "null"], "\(path)")
            #expect((group["description"] as? String)?.isEmpty == false, "\(path)")
        }
    }

    @Test("the schema has exactly the keys that there are")
    func names() throws {
        #expect(try Set(SchemaFile().leaves.keys) == Set(BridgeConfiguration.keys.map(\.name)))
    }

    @Test(
        "each key has its summary, its default, its words and its type", arguments: BridgeConfiguration.keys.map(\.name)
    )
    func leaf(name: String) throws {
        let key = try #require(BridgeConfiguration.keys.first { $0.name == name })
        let leaf = try #require(try SchemaFile().leaves[name])
        var description = key.summary
        if key.isYetToCome { description += " Without effect yet." }
        #expect(leaf["description"] as? String == description)
        #expect(Self.text(leaf["default"]) == key.defaultText)
        #expect((leaf["writeOnly"] as? Bool ?? false) == key.isSecret)
        switch key.kind {
        case .text: #expect(leaf["type"] as? String == "string")
        case .list, .properties: #expect(leaf["type"] as? [String] == ["array", "string"])
        case .integer: #expect(leaf["type"] as? String == "integer")
        case .number: #expect(leaf["type"] as? String == "number")
        case .boolean: #expect(leaf["type"] as? String == "boolean")
        case .duration: #expect(leaf["type"] as? String == "string")
        case .size: #expect(leaf["type"] as? [String] == ["string", "integer"])
        case .choice(let words): #expect(leaf["enum"] as? [String] == words)
        }
    }

    @Test(
        "a pattern takes what is taken, and refuses what is refused",
        arguments: RangeTests.rows + [
            .init(
                "api.proxyUrl", accepted: ["http://p:1", "http://u:x@p:1/"],
                refused: ["http://p", "p:1", "https://p:1"]),
            .init(
                "api.baseUrl", accepted: ["https://h/x", "http://127.0.0.1:1"],
                refused: ["h", "ftp://h", "https://u@h"]),
        ])
    func patterns(row: RangeTests.Row) throws {
        let key = try #require(BridgeConfiguration.keys.first { $0.name == row.key })
        guard !key.kind.isList, let pattern = try SchemaFile().leaves[row.key]?["pattern"] as? String else { return }
        let regex = try NSRegularExpression(pattern: pattern)
        func matches(_ text: String) -> Bool {
            regex.firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
        }
        for text in row.accepted { #expect(matches(text), "\(text)") }
        // The bounds of durations and sizes, and control characters, are beyond a pattern.
        let isForm = key.kind != .duration && key.kind != .size
        for text in row.refused where isForm && !text.contains(where: \.isNewline) {
            #expect(!matches(text) || Self.isLoop(row.key, text), "\(text)")
        }
    }

    @Test("the patterns of durations and sizes take the forms that the parsers take, and no others")
    func forms() throws {
        let leaves = try SchemaFile().leaves
        let duration = try NSRegularExpression(pattern: try #require(leaves["api.timeout"]?["pattern"] as? String))
        let size = try NSRegularExpression(pattern: try #require(leaves["cache.maxBytes"]?["pattern"] as? String))
        let texts = [
            "", "0", "1", "1s", "1ms", "1m", "1h", "1d", "01s", "1KiB", "1MiB", "1GiB", "1TiB", "1 s", " 1s", "1S",
            "-1s",
            "1.5s", "1kib", "1w", "s", "KiB", "1m30s",
        ]
        for text in texts {
            let range = NSRange(text.startIndex..., in: text)
            #expect(
                (duration.firstMatch(in: text, range: range) != nil) == (DurationText.parse(text) != nil), "\(text)")
            #expect((size.firstMatch(in: text, range: range) != nil) == (ByteSizeText.parse(text) != nil), "\(text)")
        }
    }

    @Test("the bounds of numbers are those that are checked", arguments: RangeTests.rows)
    func bounds(row: RangeTests.Row) throws {
        let key = try #require(BridgeConfiguration.keys.first { $0.name == row.key })
        guard key.kind == .integer || key.kind == .number else { return }
        let leaf = try #require(try SchemaFile().leaves[row.key])
        func allows(_ number: Double) -> Bool {
            number >= Self.number(leaf["minimum"], else: -.infinity)
                && number > Self.number(leaf["exclusiveMinimum"], else: -.infinity)
                && number <= Self.number(leaf["maximum"], else: .infinity)
        }
        for text in row.accepted { #expect(allows(try #require(Double(text))), "\(text)") }
        for text in row.refused {
            // Other forms, such as 1.5 for an integer or 1e999, are the type's matter.
            guard let number = Double(text), number.isFinite, key.kind == .number || Int(text) != nil, text != "0x1"
            else { continue }
            #expect(!allows(number), "\(text)")
        }
    }

    @Test("what the schema gives as an example is taken")
    func examples() throws {
        for (name, leaf) in try SchemaFile().leaves {
            let key = try #require(BridgeConfiguration.keys.first { $0.name == name })
            for example in leaf["examples"] as? [Any] ?? [] {
                var environment = Loading.base
                environment[key.environmentVariable] = Self.text(example)
                // An example of a duration need not be in the range of each key that takes one.
                let problems = Loading.problems("", environment).filter { $0.message.contains("is not taken") }
                #expect(problems.isEmpty, "\(name)")
            }
        }
    }

    private static func text(_ value: Any?) -> String? {
        switch value {
        case let list as [String]: ListText.text(list)
        case let text as String: text
        // JSON's true is told from its 1 by the number's type alone.
        case let number as NSNumber where String(cString: number.objCType) == "c": "\(number.boolValue)"
        case let number as NSNumber: "\(number)"
        default: nil
        }
    }

    private static func number(_ value: Any?, else other: Double) -> Double {
        (value as? NSNumber)?.doubleValue ?? other
    }

    /// What is refused only because another key names the same topic.
    private static func isLoop(_ key: String, _ text: String) -> Bool {
        key == "failures.topic" && text == "integration-lookups"
    }
}
