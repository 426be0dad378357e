internal import JSONText

/// One pass over a body that should be an Integration.
struct IntegrationCheck {
    /// What was found.
    struct Root {
        var object: JSONSlice
        var lookupMembers: Int
    }

    let text: UnsafeRawBufferPointer
    let expectedID: [UInt8]

    private var apiVersion: JSONSlice?
    private var kind: JSONSlice?
    private var id: JSONSlice?
    private var displayName: JSONSlice?
    private var description: JSONSlice?
    private var metadata: JSONSlice?
    private var target: JSONSlice?
    private var lookupMembers = 0

    init(text: UnsafeRawBufferPointer, expectedID: [UInt8]) {
        self.text = text
        self.expectedID = expectedID
    }

    mutating func run() -> Result<Root, IntegrationDocumentError> {
        var cursor = JSONCursor(text)
        let object: JSONSlice
        do throws(JSONSyntaxError) {
            guard cursor.peek() == UInt8(ascii: "{") else {
                _ = try cursor.value()
                return .failure(IntegrationDocumentError("the answer is no JSON object"))
            }
            object = try cursor.object { (cursor, name) throws(JSONSyntaxError) in
                note(name, try cursor.value())
            }
            try cursor.end()
        } catch {
            return .failure(IntegrationDocumentError("the answer does not parse as JSON: \(error)"))
        }
        if let fault = fault() { return .failure(IntegrationDocumentError(fault)) }
        return .success(Root(object: object, lookupMembers: lookupMembers))
    }

    private mutating func note(_ name: JSONSlice, _ value: JSONSlice) {
        func keep(_ member: inout JSONSlice?) {
            if member == nil { member = value }
        }
        if JSONString.equals(name, in: text, "id") {
            keep(&id)
        } else if JSONString.equals(name, in: text, "kind") {
            keep(&kind)
        } else if JSONString.equals(name, in: text, "target") {
            keep(&target)
        } else if JSONString.equals(name, in: text, "api_version") {
            keep(&apiVersion)
        } else if JSONString.equals(name, in: text, "display_name") {
            keep(&displayName)
        } else if JSONString.equals(name, in: text, "metadata") {
            keep(&metadata)
        } else if JSONString.equals(name, in: text, "description") {
            keep(&description)
        } else if JSONString.equals(name, in: text, "lookup") {
            lookupMembers += 1
        }
    }

    private func fault() -> String? {
        for (name, value) in [("api_version", apiVersion), ("kind", kind), ("id", id), ("display_name", displayName)] {
            guard let value else { return "the answer lacks the member '\(name)'" }
            guard value.kind == .string else { return "the answer's member '\(name)' is no string" }
        }
        if let kind, !JSONString.equals(kind, in: text, "Integration") { return "the answer's kind is not Integration" }
        if let id, !JSONString.equals(id, in: text, utf8: expectedID) {
            return "the answer is another integration than was asked for"
        }
        if let description, description.kind != .string, description.kind != .null {
            return "the answer's member 'description' is no string"
        }
        if let metadata, metadata.kind != .null {
            guard metadata.kind == .object else { return "the answer's member 'metadata' is no object" }
            guard hasString("self", in: metadata) else { return "the answer's metadata lacks 'self'" }
        }
        guard let target else { return "the answer lacks the member 'target'" }
        return targetFault(target)
    }

    private func targetFault(_ target: JSONSlice) -> String? {
        guard target.kind == .object else { return "the answer's target is no object" }
        guard let kind = member("kind", of: target), kind.kind == .string else {
            return "the answer's target has no kind"
        }
        for (known, required) in Self.knownTargets where JSONString.equals(kind, in: text, known) {
            return hasString(required, in: target) ? nil : "the answer's \(known) target lacks '\(required)'"
        }
        guard JSONString.equals(kind, in: text, "UserEmail") else { return nil }
        guard let user = member("user", of: target), user.kind == .object else {
            return "the answer's UserEmail target lacks 'user'"
        }
        for name in ["id", "related", "resource_name"] as [StaticString] where !hasString(name, in: user) {
            return "the answer's user lacks '\(name)'"
        }
        return nil
    }

    private static let knownTargets: [(StaticString, StaticString)] = [
        ("Slack", "webhook_url"), ("Webhook", "url"), ("MsTeams", "webhook_url"), ("RoleEmail", "role_name"),
    ]

    private func hasString(_ name: StaticString, in object: JSONSlice) -> Bool {
        member(name, of: object)?.kind == .string
    }

    private func member(_ name: StaticString, of object: JSONSlice) -> JSONSlice? {
        var found: JSONSlice?
        try? JSONScanner.forEachMember(of: object, in: text) { memberName, value in
            guard JSONString.equals(memberName, in: text, name) else { return true }
            found = value
            return false
        }
        return found
    }
}
