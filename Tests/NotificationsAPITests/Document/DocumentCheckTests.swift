import JSONText
import NotificationsAPI
import Testing

@Suite("The check of an Integration document")
struct DocumentCheckTests {
    private func check(_ text: String, id: String = "i-1") throws -> IntegrationDocument {
        try IntegrationDocument(checking: Array(text.utf8), expectedID: id)
    }

    private func text(_ document: IntegrationDocument) -> String {
        String(decoding: document.bytes, as: UTF8.self)
    }

    /// An Integration's text from its members, as JSON; `nil` leaves one out.
    private func document(_ replaced: [String: String?] = [:], more: String = "") -> String {
        let members = [
            ("api_version", #""notifications/v1""#), ("kind", #""Integration""#), ("id", #""i-1""#),
            ("display_name", #""Ops""#), ("target", #"{"kind":"Slack","webhook_url":"https://x.example/s3cr3t"}"#),
        ]
        let known = members.compactMap { name, value in
            (replaced[name] ?? .some(value)).map { #""\#(name)":\#($0)"# }
        }
        let added = replaced.filter { name, _ in !members.contains { $0.0 == name } }
            .compactMap { name, value in value.map { #""\#(name)":\#($0)"# } }
        return "{" + (known + added).joined(separator: ",") + more + "}"
    }

    @Test("A required member that is missing, or is no string, is named; its value is not shown")
    func members() throws {
        _ = try check(document())
        for name in ["api_version", "kind", "id", "display_name", "target"] {
            for value in [String?.none, "null", "7", "true", #"["s3cr3t"]"#, #"{"s3cr3t":1}"#] {
                let error = #expect(throws: IntegrationDocumentError.self) { try check(document([name: value])) }
                #expect(error?.description.contains(name) == true, "\(name): \(value ?? "none")")
                #expect(error?.description.contains("s3cr3t") == false)
            }
        }
    }

    @Test(
        "A member of the wrong type or shape is refused by its name",
        arguments: [
            ("kind", #""Failure""#, "kind"), ("target", #""s3cr3t""#, "target"), ("description", "1", "description"),
            ("metadata", "[]", "metadata"), ("metadata", "{}", "self"), ("metadata", #"{"self":1}"#, "self"),
            ("target", #"{"webhook_url":"s3cr3t"}"#, "kind"), ("target", #"{"kind":7}"#, "kind"),
            ("target", #"{"kind":"Slack"}"#, "webhook_url"),
            ("target", #"{"kind":"Slack","webhook_url":1}"#, "webhook_url"),
            ("target", #"{"kind":"MsTeams","url":"s3cr3t"}"#, "webhook_url"), ("target", #"{"kind":"Webhook"}"#, "url"),
            ("target", #"{"kind":"RoleEmail"}"#, "role_name"), ("target", #"{"kind":"UserEmail"}"#, "user"),
            ("target", #"{"kind":"UserEmail","user":"s3cr3t"}"#, "user"),
            ("target", #"{"kind":"UserEmail","user":{"id":"s3cr3t","related":"s3cr3t"}}"#, "resource_name"),
            ("target", #"{"kind":"UserEmail","user":{"id":1,"related":"r","resource_name":"n"}}"#, "id"),
        ])
    func shapes(name: String, value: String, hint: String) {
        let error = #expect(throws: IntegrationDocumentError.self) { try check(document([name: value])) }
        #expect(error?.description.contains(hint) == true)
        #expect(error?.description.contains("s3cr3t") == false)
    }

    @Test("Another integration than was asked for is refused; the id is compared decoded and byte for byte")
    func expectedID() throws {
        _ = try check(document(["id": #""\u0069-\u0031""#]))
        #expect(throws: IntegrationDocumentError.self) { try check(document(), id: "i-2") }
        #expect(throws: IntegrationDocumentError.self) { try check(document(), id: "I-1") }
        _ = try check(document(["id": "\"é\""]), id: "é")
        #expect(throws: IntegrationDocumentError.self) { try check(document(["id": "\"e\u{301}\""]), id: "\u{E9}") }
    }

    @Test("The first of repeated members counts")
    func repeated() throws {
        _ = try check(document(more: #","id":"other","kind":1,"target":null,"api_version":2"#))
        let other = document(["id": #""other""#], more: #","id":"i-1""#)
        #expect(throws: IntegrationDocumentError.self) { try check(other) }
    }

    @Test(
        "The first of repeated members counts at any depth and in any spelling, in whatever order they come",
        arguments: [
            ("metadata", #"{"self":"s","self":1}"#, true), ("metadata", #"{"\u0073elf":1,"self":"s"}"#, false),
            ("metadata", #"{"x":{"self":1},"s\u0065lf":"s"}"#, true), ("metadata", #"{"x":{"self":"s"}}"#, false),
            ("target", #"{"webhook_url":"u","kind":"Slack","kind":"Webhook","webhook_url":1}"#, true),
            ("target", #"{"webhook_url":1,"kind":"Slack","webhook_url":"u"}"#, false),
            ("target", #"{"webhook\u005furl":"u","\u006bind":"Slac\u006b"}"#, true),
            ("target", #"{"x":{"webhook_url":"u"},"kind":"MsTeams"}"#, false),
            ("target", #"{"user":{"id":"a","related":"b","resource_name":"c"},"kind":"UserEmail","user":7}"#, true),
            ("target", #"{"user":7,"kind":"UserEmail","user":{"id":"a","related":"b","resource_name":"c"}}"#, false),
            ("target", #"{"kind":"UserEmail","user":{"id":"a","related":"b","resource_name":"c","id":1}}"#, true),
            ("target", #"{"kind":"UserEmail","user":{"id":1,"related":"b","resource_name":"c","id":"a"}}"#, false),
            ("target", #"{"kind":"UserEmail","id":"a","user":{"related":"b","resource_name":"c"}}"#, false),
        ])
    func repeatedDeeper(name: String, value: String, isAccepted: Bool) {
        #expect(((try? check(document([name: value]))) != nil) == isAccepted)
    }

    @Test("Only the first of repeated objects is looked into")
    func repeatedObjects() throws {
        _ = try check(document(more: #","target":{"kind":"Slack"},"metadata":{"self":"s"},"metadata":{}"#))
        let empty = document(["metadata": "{}"], more: #","metadata":{"self":"s"}"#)
        #expect(throws: IntegrationDocumentError.self) { try check(empty) }
        let slack = document(["target": #"{"kind":"Slack"}"#], more: #","target":{"kind":"Slack","webhook_url":"u"}"#)
        #expect(throws: IntegrationDocumentError.self) { try check(slack) }
    }

    @Test(
        "Kinds of target that are unknown need nothing but their kind, and keep all they have",
        arguments: [
            #"{"kind":"InApp"}"#, #"{"kind":"InApp","user":7}"#, #"{"kind":""}"#, #"{"kind":"slack"}"#,
            #"{"x":[1.10,{"y":null}],"kind":"PagerDuty","kind":7}"#,
        ])
    func unknownKinds(target: String) throws {
        let document = try check(document(["target": target]))
        #expect(text(document).contains(target))
        #expect(try document.integration().target.json.description == target)
    }

    @Test("White space around the object goes; within it every byte stays")
    func whiteSpace() throws {
        let inner = document().replacing(",", with: " ,\n\t").replacing("/", with: "\\/")
        #expect(text(try check(" \r\n\t" + inner + "\n \t")) == inner)
        #expect(try check(inner).hadLookupMember == false)
    }

    @Test(
        "Members 'lookup' of its own go wherever they stand, in any spelling; deeper ones and other names stay",
        arguments: [#""lookup""#, #""\u006cookup""#, #""l\u006Fokup""#])
    func ownLookup(name: String) throws {
        let lookup = name + #":{"a":[1,{"lookup":2}]}"#
        let members = [
            #""api_version":"notifications/v1""#, #""kind":"Integration""#, #""id":"i-1""#, #""display_name":"Ops""#,
            #""target":{"kind":"N","lookup":{"x":1.10}}"#, #""Lookup":1"#, #""lookup ":2"#,
        ]
        let expected = "{" + members.joined(separator: ",") + "}"
        for place in 0...members.count {
            for count in 1...3 {
                var list = members
                list.insert(contentsOf: repeatElement(lookup, count: count), at: place)
                list.append(name + ": null ")
                let document = try check(" {" + list.joined(separator: " , ") + "} ")
                #expect(document.hadLookupMember)
                #expect(text(document) == expected)
            }
        }
    }

    @Test(
        "What is no JSON object in UTF-8 is refused",
        arguments: ["", " ", "null", "[]", "\"i-1\"", "{", "{}x", "\u{FEFF}{}", "{\"id\":\"i-1\",}", "<html>"])
    func noObject(text: String) {
        #expect(throws: IntegrationDocumentError.self) { try check(text) }
        let broken = Array(document().utf8.dropLast()) + Array(#","x":""#.utf8) + [0xFF] + Array("\"}".utf8)
        #expect(throws: IntegrationDocumentError.self) { try IntegrationDocument(checking: broken, expectedID: "i-1") }
    }

    @Test("No cut or damaged document gets through as something else than the integration asked for")
    func damage() throws {
        let whole = Array(document(more: #","metadata":{"self":"s"}"#).utf8)
        for count in 0..<whole.count {
            #expect(throws: IntegrationDocumentError.self) {
                try IntegrationDocument(checking: Array(whole[..<count]), expectedID: "i-1")
            }
        }
        var random = SplitMix64(seed: 7)
        for seed in 0..<20_000 {
            var bytes = whole
            for _ in 0...Int(random.next() % 3) {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            guard let document = try? IntegrationDocument(checking: bytes, expectedID: "i-1") else { continue }
            let json = try JSONValue(parsing: document.bytes)
            #expect(json["id"] == .string("i-1") && json["target"]?["kind"] != nil, "step \(seed)")
            #expect(json["lookup"] == nil, "step \(seed)")
        }
    }

    @Test("Every generated integration with what its schema requires is accepted, and typed")
    func generated() throws {
        for seed in 0..<3000 {
            var generator = IntegrationGenerator(seed: seed)
            let json = generator.integration()
            guard json["description"] != .some(.null), let id = json["id"]?.string else { continue }
            let document = try IntegrationDocument(checking: json.bytes, expectedID: id)
            #expect(document.bytes == json.bytes, "seed \(seed)")
            #expect(try document.integration().id == id, "seed \(seed)")
        }
    }
}
