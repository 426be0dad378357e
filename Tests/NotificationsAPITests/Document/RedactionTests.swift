import JSONText
import NotificationsAPI
import Testing

@Suite("Redaction of webhook URLs")
struct RedactionTests {
    private func redact(target: String) throws -> String {
        let text =
            #"{"api_version":"notifications/v1","kind":"Integration","id":"i-1","url":"https://kept.example/x","#
            + #""display_name":"Ops","target":\#(target),"metadata":{"self":"https://api.example.com/i-1"}}"#
        let document = try IntegrationDocument(checking: Array(text.utf8), expectedID: "i-1").redacted()
        let json = try JSONValue(parsing: document.bytes)
        #expect(json["url"] == .string("https://kept.example/x"))
        #expect(json["metadata"]?["self"] == .string("https://api.example.com/i-1"))
        #expect(json["api_version"] == .string("notifications/v1"))
        return try #require(json["target"]).description
    }

    @Test(
        "A string of the target whose name ends in url keeps scheme, host and port only",
        arguments: [
            (
                #"{"kind":"Slack","webhook_url":"https://hooks.example.com/s3cr3t"}"#,
                #"{"kind":"Slack","webhook_url":"https://hooks.example.com/***"}"#
            ),
            (
                #"{"kind":"Webhook","url":"http:\/\/u:s3cr3t@h:81?s3cr3t"}"#,
                #"{"kind":"Webhook","url":"http://h:81/***"}"#
            ),
            (#"{"kind":"MsTeams","webhook_url":"s3cr3t"}"#, #"{"kind":"MsTeams","webhook_url":"***"}"#),
            (
                #"{"kind":"X","a":[{"Callback\u0055RL":"https://h/s3cr3t","n":1.10}]}"#,
                #"{"kind":"X","a":[{"CallbackURL":"https://h/***","n":1.10}]}"#
            ),
            (
                #"{"kind":"X","url":{"deep":{"Url":"https://h#s3cr3t"}},"curl":7,"urls":"x"}"#,
                #"{"kind":"X","url":{"deep":{"Url":"https://h/***"}},"curl":7,"urls":"x"}"#
            ),
            (
                #"{"kind":"Webhook","url":"https://h/s3cr3t","url":"https://i/s3cr3t"}"#,
                #"{"kind":"Webhook","url":"https://h/***","url":"https://i/***"}"#
            ),
            (#"{"kind":"Webhook","url":"mailto:s3cr3t?x=://y"}"#, #"{"kind":"Webhook","url":"***"}"#),
            (#"{"kind":"Webhook","url":""}"#, #"{"kind":"Webhook","url":"***"}"#),
            (#"{"kind":"RoleEmail","role_name":"https://h/x"}"#, #"{"kind":"RoleEmail","role_name":"https://h/x"}"#),
        ])
    func cuts(target: String, expected: String) throws {
        #expect(try redact(target: target) == expected)
    }

    @Test("A document without such a member stays byte for byte, and a redacted one stays as it is")
    func keeps() throws {
        let text =
            #"{ "api_version":"notifications/v1","kind":"Integration","id":"i-1","display_name":"O", "target":{"kind":"N"}}"#
        let document = try IntegrationDocument(checking: Array(text.utf8), expectedID: "i-1")
        #expect(document.redacted().bytes == document.bytes)
        let slack = try IntegrationDocument(checking: Array(Samples.integration.utf8), expectedID: "i-1").redacted()
        #expect(slack.redacted().bytes == slack.bytes)
        #expect(String(decoding: slack.bytes, as: UTF8.self) == Samples.integration.replacing("/s3cr3t", with: "/***"))
    }

    @Test("No known kind of target keeps a secret, whatever members it has besides")
    func hidesSecrets() throws {
        for seed in 0..<2000 {
            var generator = IntegrationGenerator(seed: seed)
            let kind = ["Slack", "MsTeams", "Webhook"][generator.pick(3)]
            let json = JSONValue.object([
                .init("api_version", .string("notifications/v1")), .init("kind", .string("Integration")),
                .init("id", .string("i-1")), .init("display_name", .string("x")),
                .init("target", generator.target(kind: kind)),
            ])
            let document = try IntegrationDocument(checking: json.bytes, expectedID: "i-1").redacted()
            let target = try #require(try JSONValue(parsing: document.bytes)["target"]?.members)
            for member in target where ["url", "webhook_url"].contains(member.name) {
                guard case .string(let text) = member.value else { continue }
                #expect(!text.contains(IntegrationGenerator.secret), "seed \(seed)")
            }
        }
    }
}
