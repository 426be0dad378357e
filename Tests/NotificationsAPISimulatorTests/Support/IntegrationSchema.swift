import JSONText
import NotificationsAPI

/// What the API's schema says of `Integration`; a listing's items may lack `api_version` and `kind`.
enum IntegrationSchema {
    /// The members that a kind of target requires; `InApp` as the live API has it.
    private static let targets: [String: [String: @Sendable (JSONValue) -> Bool]] = [
        "Slack": ["webhook_url": isURI], "MsTeams": ["webhook_url": isURI], "Webhook": ["url": isURI],
        "RoleEmail": ["role_name": { $0.string != nil }], "UserEmail": ["user": isReference],
        "InApp": ["user": isReference],
    ]

    /// What is wrong with a document; nothing for a valid one.
    static func faults(_ json: JSONValue, isListed: Bool = false) -> [String] {
        var faults: [String] = []
        func check(_ name: String, isOptional: Bool = false, _ isValid: (JSONValue) -> Bool) {
            guard let value = json[name] else {
                if !isOptional { faults.append("no '\(name)'") }
                return
            }
            if !isValid(value) { faults.append("'\(name)': \(value)") }
        }
        check("api_version", isOptional: isListed) { $0.string == "notifications/v1" }
        check("kind", isOptional: isListed) { $0.string == "Integration" }
        check("id") { isText($0, 0...255) }
        check("display_name") { isText($0, 0...64) }
        check("description", isOptional: true) { isText($0, 0...128) }
        check("metadata", isOptional: true, isMetadata)
        check("target") { target in
            guard let kind = target["kind"]?.string else { return false }
            return (targets[kind] ?? [:]).allSatisfy { name, isValid in target[name].map(isValid) ?? false }
        }
        if Set((json.members ?? []).map(\.name)).count != json.members?.count { faults.append("a member is repeated") }
        return faults
    }

    @Sendable private static func isText(_ value: JSONValue, _ length: ClosedRange<Int>) -> Bool {
        value.string.map { length.contains($0.unicodeScalars.count) } ?? false
    }

    @Sendable private static func isURI(_ value: JSONValue) -> Bool {
        guard let text = value.string, let colon = text.firstIndex(of: ":") else { return false }
        return colon > text.startIndex && text.unicodeScalars.allSatisfy { $0.isASCII && $0.value > 32 }
    }

    @Sendable private static func isReference(_ value: JSONValue) -> Bool {
        guard let id = value["id"], let related = value["related"], let name = value["resource_name"] else {
            return false
        }
        return isText(id, 1...255) && isURI(related) && isURI(name)
    }

    @Sendable private static func isMetadata(_ value: JSONValue) -> Bool {
        guard let address = value["self"], isURI(address) else { return false }
        if let name = value["resource_name"], !isURI(name) { return false }
        return ["created_at", "updated_at"].allSatisfy { name in
            value[name].map { $0.string.flatMap { Timestamp($0).date } != nil } ?? true
        }
    }
}
