import JSONText

/// Makes Integration documents of every kind, from a seed; what must not be shown holds ``secret``.
struct IntegrationGenerator {
    static let secret = "s3cr3t"
    static let kinds = [
        "Slack", "RoleEmail", "UserEmail", "Webhook", "MsTeams", "InApp", "PagerDuty", "", "slack", "漢",
    ]

    private var random: SplitMix64

    init(seed: Int) {
        random = SplitMix64(seed: seed)
    }

    mutating func pick(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    mutating func integration() -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("api_version", .string("notifications/v1")), .init("kind", .string("Integration")),
            .init("id", .string("i-\(pick(1000))")), .init("display_name", .string(text())),
            .init("target", target(kind: Self.kinds[pick(Self.kinds.count)])),
        ]
        if pick(2) == 0 { members.append(.init("description", pick(5) == 0 ? .null : .string(text()))) }
        if pick(2) == 0 { members.append(.init("metadata", metadata())) }
        return object(members)
    }

    mutating func target(kind: String) -> JSONValue {
        let url = JSONValue.string("https://hooks.example.com/\(Self.secret)/\(pick(1000))")
        var members = [JSONValue.Member("kind", .string(kind))]
        switch kind {
        case "Slack", "MsTeams": members.append(.init("webhook_url", url))
        case "Webhook": members.append(.init("url", url))
        case "RoleEmail": members.append(.init("role_name", .string(text())))
        case "UserEmail": members.append(.init("user", reference()))
        case "InApp": members.append(.init("user", pick(3) == 0 ? .string(Self.secret) : reference()))
        default: members.append(.init("routing_key", .string(Self.secret)))
        }
        return object(members)
    }

    mutating func reference() -> JSONValue {
        object([
            .init("id", .string("u-\(pick(1000))")), .init("related", .string("https://api.example.com/u")),
            .init("resource_name", .string("crn://example/user=1")),
        ])
    }

    mutating func metadata() -> JSONValue {
        var members = [JSONValue.Member("self", .string("https://api.example.com/i"))]
        for name in ["resource_name", "created_at", "updated_at", "deleted_at"] where pick(2) == 0 {
            members.append(.init(name, pick(4) == 0 ? .null : .string(text())))
        }
        return object(members)
    }

    /// The members in any order, with some that no model knows, and repetitions of known ones behind the first.
    private mutating func object(_ members: [JSONValue.Member]) -> JSONValue {
        var members = members.shuffled(using: &random)
        for _ in 0..<pick(3) {
            members.insert(.init(text(), unknown(depth: 2)), at: pick(members.count + 1))
        }
        if pick(4) == 0 { members.append(.init(members[pick(members.count)].name, unknown(depth: 1))) }
        return .object(members)
    }

    private mutating func unknown(depth: Int) -> JSONValue {
        switch pick(depth > 0 ? 7 : 5) {
        case 0: .null
        case 1: .bool(pick(2) == 0)
        case 2: .number(["1.10", "-0", "12345678901234567890", "1E+400", "0.0", "1e-7"][pick(6)])
        case 3: .string(Self.secret + text())
        case 4: .string("")
        case 5: .array((0..<pick(3)).map { _ in unknown(depth: depth - 1) })
        default: .object((0..<pick(3)).map { .init("x\($0)", unknown(depth: depth - 1)) })
        }
    }

    private mutating func text() -> String {
        let parts = ["a", "Z9", "é", "e\u{301}", "漢字", "😀", "\"", "\\", "\n", "\u{0}", "/", " ", "\u{2028}", "url"]
        return "x" + (0..<pick(6)).map { _ in parts[pick(parts.count)] }.joined()
    }
}
