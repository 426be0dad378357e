internal import JSONText
internal import NotificationsAPI
internal import RDKafka

/// A record as a person likes to read it, without the secrets that webhook URLs are.
enum RecordText {
    static func text(of record: Record, _ style: Style) -> String {
        var text = "  \(style.dim("key"))      \(self.text(record.key))\n"
        let width = record.headers.map(\.name.count).max() ?? 0
        for (index, header) in record.headers.enumerated() {
            let label = index == 0 ? style.dim("headers") : "       "
            let name = header.name + String(repeating: " ", count: width - header.name.count)
            text += "  \(label)  \(name)  \(self.text(header.value))\n"
        }
        let value = record.value.flatMap { try? JSONValue(parsing: $0) }.map(redacted)
        let lines = value?.formatted(colored: style.isColored) ?? self.text(record.value)
        let indented = lines.split(separator: "\n").joined(separator: "\n           ")
        return text + "  \(style.dim("value"))    \(indented)\n"
    }

    /// The record on one line: what was asked for and what it came to.
    static func line(of record: Record, _ style: Style) -> String {
        guard let value = record.value.flatMap({ try? JSONValue(parsing: $0) }), let lookup = value["lookup"] else {
            return "\(record.topic): \(text(record.value))"
        }
        let id = lookup["integration_id"]?.string ?? "(no id)"
        let source = style.dim("from \(lookup["source"]?.string ?? "?")")
        if let reason = lookup["reason"]?.string {
            return "\(style.yellow("failed  "))  \(id)  \(reason)  \(source)"
        }
        let kind = value["target"]?["kind"]?.string ?? "?"
        return "\(style.green("resolved"))  \(id)  \(kind)  \(value["display_name"]?.string ?? "")  \(source)"
    }

    /// Every string member of `target` whose name ends in `url`, cut to its host.
    static func redacted(_ value: JSONValue) -> JSONValue {
        guard case .object(let members) = value else { return value }
        return .object(members.map { $0.name == "target" ? .init($0.name, withoutURLs($0.value)) : $0 })
    }

    private static func withoutURLs(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.map { member in
                    if case .string(let text) = member.value, member.name.lowercased().hasSuffix("url") {
                        return .init(member.name, .string(URLText.redacted(text)))
                    }
                    return .init(member.name, withoutURLs(member.value))
                })
        case .array(let elements): .array(elements.map(withoutURLs))
        default: value
        }
    }

    private static func text(_ bytes: [UInt8]?) -> String {
        guard let bytes else { return "null" }
        guard let text = String(validating: bytes, as: UTF8.self) else { return "\(bytes.count) bytes" }
        return text
    }
}
