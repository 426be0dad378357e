import CURLTransport
import JSONText
import NotificationsAPI
import NotificationsAPISimulator
import Testing

@Suite("The simulator's integrations", .timeLimit(.minutes(2)))
struct DocumentTests {
    private func documents(_ ids: [String], _ api: SimulatedAPI) async throws -> [(id: String, json: JSONValue)] {
        try await withThrowingTaskGroup(of: (Int, [UInt8]).self) { group in
            for (index, id) in ids.enumerated() {
                group.addTask {
                    let response = try await api.get("/notifications/v1/integrations/" + id)
                    #expect(response.status == 200)
                    return (index, response.body)
                }
            }
            let bodies = try await group.reduce(into: [Int: [UInt8]]()) { $0[$1.0] = $1.1 }
            return try ids.enumerated().map { ($1, try JSONValue(parsing: bodies[$0] ?? [])) }
        }
    }

    @Test("Over 3,000 ids every document is valid by the API's schema, and every kind and form of it occurs")
    func schema() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        let documents = try await documents((0..<3000).map { "i-\($0)" }, api)
        var kinds: Set<String> = []
        var optional: [String: Int] = [:]
        for (id, json) in documents {
            let faults = IntegrationSchema.faults(json)
            #expect(faults.isEmpty, "\(id): \(faults)")
            #expect(json["id"]?.string == id)
            kinds.insert(json["target"]?["kind"]?.string ?? "")
            for name in ["metadata", "description", "x_labels"] where json[name] != nil {
                optional[name, default: 0] += 1
            }
        }
        #expect(kinds.isSuperset(of: ["Slack", "RoleEmail", "UserEmail", "Webhook", "MsTeams", "InApp"]))
        #expect(kinds.count == 7, "one kind that nobody knows: \(kinds)")
        for name in ["metadata", "description", "x_labels"] {
            #expect((1..<3000).contains(optional[name, default: 0]), "with and without \(name)")
        }
        let names = Set(documents.compactMap { $0.json["display_name"]?.string })
        #expect(names.contains { !$0.unicodeScalars.allSatisfy(\.isASCII) })
        #expect(documents.contains { $0.json["x_labels"]?["cost"]?.description.contains("1.10") == true })
    }

    @Test("An id's document is always the same, in another simulator too")
    func deterministic() async throws {
        let ids = (0..<200).map { "int-\($0)" }
        let first = try SimulatedAPI()
        let second = try SimulatedAPI()
        defer {
            first.stop()
            second.stop()
        }
        let once = try await documents(ids, first)
        #expect(try await documents(ids, first).map(\.json) == once.map(\.json))
        // But for its own address.
        let elsewhere = try await documents(ids, second)
        for (left, right) in zip(once, elsewhere) {
            #expect(left.json["target"] == right.json["target"])
            #expect(left.json["display_name"] == right.json["display_name"])
        }
    }

    @Test(
        "Any id that a URL can carry comes back as it is, in a valid document",
        arguments: ["a/b", "ü 運用", "\"quoted\"", "back\\slash", "100%", "?x=1&y#z", String(repeating: "x", count: 255)])
    func oddIDs(_ id: String) async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        guard case .integration(let document) = try await api.client.lookup(id: id).result else {
            Issue.record("no integration")
            return
        }
        let json = try JSONValue(parsing: Array(document.bytes))
        #expect(json["id"]?.string == id)
        #expect(IntegrationSchema.faults(json).isEmpty)
    }

    @Test("What is not an integration's path, or not a GET, is 404 or 405 with an error document")
    func otherPaths() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        for path in ["/", "/notifications/v1/integrations/", "/notifications/v1/subscriptions"] {
            let response = try await api.get(path)
            #expect(response.status == 404)
            #expect(try JSONValue(parsing: response.body)["errors"]?.elements?.count == 1)
        }
        #expect(try await api.post("/notifications/v1/integrations/i-1").status == 405)
        #expect(try await api.get("/notifications/v1/integrations/" + String(repeating: "x", count: 256)).status == 400)
    }
}
