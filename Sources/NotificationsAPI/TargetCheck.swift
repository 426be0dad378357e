internal import JSONText

/// What the check of an Integration remembers of its target; the first of repeated members counts.
struct TargetCheck {
    private var kind: JSONSlice?
    private var roleName: JSONKind?
    private var url: JSONKind?
    private var webhookURL: JSONKind?
    private var user: JSONKind?
    private var userID: JSONKind?
    private var userRelated: JSONKind?
    private var userResourceName: JSONKind?

    /// Steps over the target, which begins at the cursor.
    mutating func scan(
        _ cursor: inout JSONCursor, in text: UnsafeRawBufferPointer
    ) throws(JSONSyntaxError) -> JSONKind {
        guard cursor.peek() == UInt8(ascii: "{") else { return try cursor.value().kind }
        var hasMember = try cursor.openObject()
        while hasMember {
            let member = IntegrationMember.named(try cursor.memberName(), in: text)
            if member == .user, user == nil {
                user = try scanUser(&cursor, in: text)
            } else {
                note(try cursor.value(), as: member)
            }
            hasMember = try cursor.nextMember()
        }
        return .object
    }

    private mutating func note(_ value: JSONSlice, as member: IntegrationMember?) {
        switch member {
        case .kind where kind == nil: kind = value
        case .roleName where roleName == nil: roleName = value.kind
        case .url where url == nil: url = value.kind
        case .webhookURL where webhookURL == nil: webhookURL = value.kind
        default: break
        }
    }

    private mutating func scanUser(
        _ cursor: inout JSONCursor, in text: UnsafeRawBufferPointer
    ) throws(JSONSyntaxError) -> JSONKind {
        guard cursor.peek() == UInt8(ascii: "{") else { return try cursor.value().kind }
        var hasMember = try cursor.openObject()
        while hasMember {
            let member = IntegrationMember.named(try cursor.memberName(), in: text)
            let value = try cursor.value().kind
            switch member {
            case .id where userID == nil: userID = value
            case .related where userRelated == nil: userRelated = value
            case .resourceName where userResourceName == nil: userResourceName = value
            default: break
            }
            hasMember = try cursor.nextMember()
        }
        return .object
    }

    /// What a target that is an object lacks.
    func fault(in text: UnsafeRawBufferPointer) -> String? {
        guard let kind, case .string = kind.kind else { return "the answer's target has no kind" }
        func lacks(_ known: StaticString, _ name: StaticString, _ member: JSONKind?) -> String? {
            if case .string = member { return nil }
            return "the answer's \(known) target lacks '\(name)'"
        }
        if JSONString.equals(kind, in: text, "UserEmail") { return userFault() }
        if JSONString.equals(kind, in: text, "Slack") { return lacks("Slack", "webhook_url", webhookURL) }
        if JSONString.equals(kind, in: text, "Webhook") { return lacks("Webhook", "url", url) }
        if JSONString.equals(kind, in: text, "MsTeams") { return lacks("MsTeams", "webhook_url", webhookURL) }
        if JSONString.equals(kind, in: text, "RoleEmail") { return lacks("RoleEmail", "role_name", roleName) }
        return nil
    }

    private func userFault() -> String? {
        guard case .object = user else { return "the answer's UserEmail target lacks 'user'" }
        func lacks(_ name: StaticString, _ member: JSONKind?) -> String? {
            if case .string = member { return nil }
            return "the answer's user lacks '\(name)'"
        }
        return lacks("id", userID) ?? lacks("related", userRelated) ?? lacks("resource_name", userResourceName)
    }
}
