/// The document of an id: always the same, and all kinds of them over many ids.
enum GeneratedIntegration {
    /// JSON text, valid by the API's schema but for kinds of targets that the schema does not know.
    static func document(id: String, baseURL: String, listed: Bool = false) -> String {
        var hash = id.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        // The last bytes of an id hardly reach the upper bits by themselves, and those choose the kind of target.
        hash = (hash ^ (hash >> 32)) &* 0x9e37_79b9_7f4a_7c15
        hash ^= hash >> 29
        let quotedID = quoted(id)
        var text = "{"
        if !listed || hash % 3 > 0 { text += "\"api_version\":\"notifications/v1\",\"kind\":\"Integration\"," }
        text += "\"id\":\(quotedID),"
        if hash >> 8 % 5 > 0 {
            text += """
                "metadata":{"self":"\(baseURL)/notifications/v1/integrations/\(escaped(id))",\
                "resource_name":"crn://example.com/organization=9bb441c4-edef-46ac-8a41-c49e44a3fd9a/integration=\(escaped(id))",\
                "created_at":"2026-01-02T15:04:05.123456Z","updated_at":"2026-03-04T05:06:07+02:00"},
                """
        }
        let names = [
            "Slack für Störungen", "運用チャンネル", "Payments on-call", "Émile's \\\"quoted\\\" hook", "Ops 🚨", "Audit",
        ]
        text += "\"display_name\":\"\(names[Int(hash >> 16 % 6)])\","
        if hash >> 24 % 2 == 0 { text += "\"description\":\"Where alerts of team \(hash % 97) go\"," }
        if hash >> 28 % 4 == 0 {
            text += "\"x_labels\":{\"cost\":1.10,\"serial\":12345678901234567890,\"tags\":[\"a\",null,true]},"
        }
        return text + "\"target\":\(target(hash))}"
    }

    private static func target(_ hash: UInt64) -> String {
        let user = """
            {"id":"u-\(hash % 10_000)","related":"https://api.example.com/iam/v2/users/u-\(hash % 10_000)",\
            "resource_name":"crn://example.com/organization=9bb441c4/user=u-\(hash % 10_000)"}
            """
        switch hash >> 32 % 8 {
        case 0, 1:
            return
                "{\"kind\":\"Slack\",\"webhook_url\":\"https://hooks.example.com/services/T\(hash % 1000)/B1/secret\"}"
        case 2: return "{\"kind\":\"RoleEmail\",\"role_name\":\"OrganizationAdmin\"}"
        case 3: return "{\"kind\":\"UserEmail\",\"user\":\(user)}"
        case 4: return "{\"kind\":\"Webhook\",\"url\":\"https://webhook.example.com/in/\(hash % 1000)?token=secret\"}"
        case 5:
            return
                "{\"kind\":\"MsTeams\",\"webhook_url\":\"https://teams.example.com/webhookb2/\(hash % 1000)/secret\"}"
        case 6: return "{\"kind\":\"InApp\",\"user\":\(user)}"
        default:
            return
                "{\"kind\":\"PagerTree\",\"routing\":{\"priority\":2,\"callbackURL\":\"https://pager.example.com/\(hash % 1000)\"}}"
        }
    }

    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    /// The id as a path segment.
    static func escaped(_ id: String) -> String {
        id.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                String(UnicodeScalar(byte))
            default: "%" + String(byte >> 4, radix: 16, uppercase: true) + String(byte & 15, radix: 16, uppercase: true)
            }
        }.joined()
    }
}
