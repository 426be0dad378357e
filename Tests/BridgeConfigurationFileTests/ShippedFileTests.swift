import BridgeConfigurationFile
import IntegrationBridge
import Testing

@Suite("config/bridge.yaml") struct ShippedFileTests {
    static let path = "config/bridge.yaml"
    /// What is set so that the file works on one machine, as it stands.
    static let local = [
        "kafka.bootstrapServers": "127.0.0.1:9092", "api.baseUrl": "http://127.0.0.1:8081", "api.auth": "none",
    ]

    @Test("it loads as it stands, and is the defaults but for Kafka and the API of one machine")
    func loads() throws {
        let loaded = try BridgeConfigurationFile.load(
            yaml: Repository.bytes(Self.path), name: Self.path, environment: [:])
        for key in BridgeConfiguration.keys {
            let unset = key.text(in: BridgeConfiguration(bootstrapServers: [String]()))
            #expect(key.text(in: loaded) == Self.local[key.name] ?? unset, "\(key.name)")
        }
    }

    @Test(
        "every key is there once, set or commented out, and no other", arguments: BridgeConfiguration.keys.map(\.name))
    func complete(name: String) throws {
        let lines = try Self.keyLines().filter { $0.name == name }
        #expect(lines.count == 1)
        let names = Set(BridgeConfiguration.keys.map(\.name))
        let groups = Set(names.flatMap { Self.parents($0) })
        for line in try Self.keyLines() {
            #expect(names.contains(line.name) || groups.contains(line.name), "\(line.name)")
        }
    }

    @Test(
        "each comment has the key's summary, default and state, and shows the default",
        arguments: BridgeConfiguration.keys.map(\.name))
    func comments(name: String) throws {
        let key = try #require(BridgeConfiguration.keys.first { $0.name == name })
        let line = try #require(try Self.keyLines().first { $0.name == name })
        let rule =
            key.isRequired
            ? "Required." : key.defaultText.map { "Default: \($0.isEmpty ? "none" : $0)." } ?? "No default."
        #expect(line.comment.hasPrefix(key.summary + " " + rule), "\(line.comment)")
        #expect(line.comment.contains("Without effect yet.") == key.isYetToCome)
        if case .choice(let words) = key.kind {
            for word in words { #expect(line.comment.contains(word), "\(word)") }
        }
        if let text = key.defaultText, Self.local[name] == nil {
            #expect(line.value == (key.kind.isList ? "[\(text)]" : text))
        }
    }

    @Test("what is commented out is right once it is not, and the alternatives are told apart")
    func uncommented() throws {
        let text = try Repository.text(Self.path).split(separator: "\n", omittingEmptySubsequences: false)
            .map(Self.uncommented).joined(separator: "\n")
        let problems = Loading.problems(text, [:])
        #expect(problems.map(\.key) == ["api.secret"])
        #expect(problems.map(\.code) == [.conflict])
    }

    private struct KeyLine {
        var name: String
        var value: String
        var comment: String
    }

    /// The lines that give a key or group, commented out or not, each with the comment right above it.
    private static func keyLines() throws -> [KeyLine] {
        var lines: [KeyLine] = []
        var parents: [(indent: Int, name: String)] = []
        var comment: [String] = []
        for line in try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false) {
            let line = uncommented(line)
            let indent = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indent)
            if rest.hasPrefix("#") {
                comment.append(String(rest.dropFirst(2)))
            } else if let colon = rest.firstIndex(of: ":") {
                parents.removeAll { $0.indent >= indent }
                parents.append((indent, String(rest[..<colon])))
                lines.append(
                    KeyLine(
                        name: parents.map(\.name).joined(separator: "."), value: String(rest[colon...].dropFirst(2)),
                        comment: comment.joined(separator: " ")))
                comment = []
            } else {
                comment = []
            }
        }
        return lines
    }

    /// `#key: value` as `key: value`; a comment for people has a space behind its '#'.
    private static func uncommented(_ line: Substring) -> String {
        let indent = line.prefix { $0 == " " }
        let rest = line.dropFirst(indent.count)
        guard rest.hasPrefix("#"), rest.dropFirst().first?.isLetter == true else { return String(line) }
        return String(indent + rest.dropFirst())
    }

    private static func parents(_ name: String) -> [String] {
        let parts = name.split(separator: ".")
        return (1..<parts.count).map { parts.prefix($0).joined(separator: ".") }
    }
}
