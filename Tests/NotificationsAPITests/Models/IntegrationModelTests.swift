import Foundation
import JSONText
import NotificationsAPI
import Testing

@Suite("Typed integrations")
struct IntegrationModelTests {
    @Test("A document of any kind comes back whole: unknown members, their order, repetitions, numbers as written")
    func roundTrips() throws {
        var kinds: Set<String> = []
        for seed in 0..<5000 {
            var generator = IntegrationGenerator(seed: seed)
            let document = generator.integration()
            let integration = try Integration(parsing: document.bytes)
            kinds.insert(integration.target.kind)
            #expect(integration.json.bytes == document.bytes, "seed \(seed)")
            #expect(integration.target.json.bytes == document["target"]?.bytes, "seed \(seed)")
            #expect(integration.id == document["id"]?.string, "seed \(seed)")
            #expect(integration.displayName == document["display_name"]?.string, "seed \(seed)")
            #expect(integration.details == document["description"]?.string, "seed \(seed)")
            #expect(integration.metadata?.json.bytes == document["metadata"]?.bytes, "seed \(seed)")
            #expect(try Integration(json: integration.json) == integration, "seed \(seed)")
        }
        #expect(kinds == Set(IntegrationGenerator.kinds))
    }

    @Test("No description, reflection or dump shows a webhook's path or a member that is not known")
    func hidesSecrets() throws {
        for seed in 0..<1000 {
            var generator = IntegrationGenerator(seed: seed)
            let integration = try Integration(json: generator.integration())
            for text in texts(of: integration) + texts(of: integration.target) + payloadTexts(integration.target) {
                #expect(!text.contains(IntegrationGenerator.secret), "seed \(seed)")
                #expect(text.count < 2000, "seed \(seed)")
            }
            if let metadata = integration.metadata {
                for text in texts(of: metadata) { #expect(!text.contains(IntegrationGenerator.secret), "seed \(seed)") }
            }
        }
    }

    private func payloadTexts(_ target: Target) -> [String] {
        switch target {
        case .slack(let target): texts(of: target)
        case .roleEmail(let target): texts(of: target)
        case .userEmail(let target): texts(of: target) + texts(of: target.user)
        case .webhook(let target): texts(of: target)
        case .msTeams(let target): texts(of: target)
        case .inApp(let target): texts(of: target) + texts(of: target.user)
        case .unknown: []
        }
    }

    private func texts(of value: some APIModel) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        let children = Mirror(reflecting: value).children.map { "\($0.value)" }
        return [value.description, value.debugDescription, "\(value)", String(reflecting: value), dumped] + children
            + ["\(Optional(value) as Any)", "\([value])"]
    }

    @Test("A webhook's host is shown, without user, password and path; text that is no URL is not shown at all")
    func showsHost() {
        #expect(
            SlackTarget(webhookURL: "https://u:p@hooks.slack.com:8443/x").description
                == "SlackTarget(https://hooks.slack.com:8443/***)")
        #expect(WebhookTarget(url: "no url").description == "WebhookTarget(***)")
    }

    @Test("Each kind of target has its own case with its own members")
    func targets() throws {
        let user = #"{"id":"u-1","related":"https://x/u-1","resource_name":"crn://x"}"#
        let reference = GlobalObjectReference(id: "u-1", related: "https://x/u-1", resourceName: "crn://x")
        let cases: [(String, Target)] = [
            (#"{"kind":"Slack","webhook_url":"https://x/y"}"#, .slack(SlackTarget(webhookURL: "https://x/y"))),
            (#"{"kind":"RoleEmail","role_name":"Admin"}"#, .roleEmail(RoleEmailTarget(roleName: "Admin"))),
            (#"{"kind":"UserEmail","user":\#(user)}"#, .userEmail(UserEmailTarget(user: reference))),
            (#"{"kind":"Webhook","url":"https://x/y"}"#, .webhook(WebhookTarget(url: "https://x/y"))),
            (#"{"kind":"MsTeams","webhook_url":"https://x/y"}"#, .msTeams(MsTeamsTarget(webhookURL: "https://x/y"))),
            (#"{"kind":"InApp","user":\#(user)}"#, .inApp(InAppTarget(user: reference))),
        ]
        for (text, expected) in cases {
            let target = try Target(parsing: Array(text.utf8))
            #expect(target == expected)
            #expect(expected.json.description == text)
        }
        let odd = try JSONValue(parsing: #"{"kind":"InApp","user":7}"#)
        #expect(try Target(json: odd) == .unknown(kind: "InApp", odd))
    }

    @Test("What is made from parts is the document that is read back")
    func makes() throws {
        let made = Integration(
            id: "i-1", displayName: "Ops", details: "For ops",
            metadata: ObjectMeta(selfLink: "https://x/i-1", createdAt: Timestamp("2006-01-02T15:04:05Z")),
            target: .roleEmail(RoleEmailTarget(roleName: "Admin")))
        #expect(try Integration(parsing: made.json.bytes) == made)
        #expect(made.metadata?.createdAt?.date?.timeIntervalSince1970 == 1_136_214_245)
        let document = try IntegrationDocument(checking: made.json.bytes, expectedID: "i-1")
        #expect(try document.integration() == made)
    }

    @Test("An item of a listing, without api_version and kind, is an integration too")
    func readsListItems() throws {
        let item = #"{"id":"i-1","display_name":"x","target":{"kind":"New"}}"#
        #expect(try Integration(parsing: Array(item.utf8)).apiVersion == nil)
    }

    @Test(
        "What is no integration is refused with the place of the fault, and never with a value",
        arguments: [
            (#"[]"#, "", .wrongType), (#"{"display_name":"x","target":{"kind":"s3cr3t"}}"#, "/id", .missingMember),
            (#"{"id":7,"display_name":"x","target":{"kind":"N"}}"#, "/id", .wrongType),
            (#"{"id":"s3cr3t","target":{"kind":"N"}}"#, "/display_name", .missingMember),
            (#"{"id":"i","display_name":"x"}"#, "/target", .missingMember),
            (#"{"id":"i","display_name":"x","target":"s3cr3t"}"#, "/target", .wrongType),
            (#"{"id":"i","display_name":"x","target":{}}"#, "/target/kind", .missingMember),
            (
                #"{"id":"i","display_name":"x","target":{"kind":"Slack","webhook_url":["s3cr3t"]}}"#,
                "/target/webhook_url", .wrongType
            ),
            (
                #"{"id":"i","display_name":"x","target":{"kind":"UserEmail","user":{"id":"u","related":"s3cr3t"}}}"#,
                "/target/user/resource_name", .missingMember
            ),
            (#"{"kind":"s3cr3t","id":"i","display_name":"x","target":{"kind":"N"}}"#, "/kind", .wrongKind),
            (#"{"id":"i","display_name":"x","target":{"kind":"N"},"metadata":{}}"#, "/metadata/self", .missingMember),
            (#"{"id":"i","display_name":"x","target":{"kind":"N"},"description":1}"#, "/description", .wrongType),
            (#"{"id":"s3cr3t""#, "", .syntax), ("", "", .syntax),
        ] as [(String, String, ModelError.Code)])
    func refuses(text: String, path: String, code: ModelError.Code) {
        let error = #expect(throws: ModelError.self) { _ = try Integration(parsing: Array(text.utf8)) }
        #expect(error?.code == code && error?.path == path)
        #expect(error?.message.hasPrefix(path) == true)
        #expect((error?.cause != nil) == (code == .syntax))
        #expect(!"\(String(reflecting: error))".contains(IntegrationGenerator.secret))
    }

    @Test("A payload refuses the document of another kind")
    func refusesOtherKinds() throws {
        let slack = SlackTarget(webhookURL: "https://x/y").json
        let error = #expect(throws: ModelError.self) { _ = try MsTeamsTarget(json: slack) }
        #expect(error?.code == .wrongKind)
    }
}
