internal import JSONText

/// One pass over a body that should be an Integration.
///
/// What is required of members at any depth is noted while they are stepped over, so that nothing is read twice. The first
/// of repeated members counts.
struct IntegrationCheck {
    /// What was found.
    struct Root {
        var object: JSONSlice
        var lookupMembers: Int
    }

    let text: UnsafeRawBufferPointer
    let expectedID: UnsafeRawBufferPointer

    private var apiVersion: JSONKind?
    private var kind: JSONSlice?
    private var id: JSONSlice?
    private var displayName: JSONKind?
    private var description: JSONKind?
    private var metadata: JSONKind?
    private var metadataLink: JSONKind?
    private var targetKind: JSONKind?
    private var target = TargetCheck()
    private var lookupMembers = 0

    init(text: UnsafeRawBufferPointer, expectedID: UnsafeRawBufferPointer) {
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
            object = try scan(&cursor)
            try cursor.end()
        } catch {
            return .failure(IntegrationDocumentError("the answer does not parse as JSON: \(error)"))
        }
        if let fault = fault() { return .failure(IntegrationDocumentError(fault)) }
        return .success(Root(object: object, lookupMembers: lookupMembers))
    }

    /// Steps over the document.
    private mutating func scan(_ cursor: inout JSONCursor) throws(JSONSyntaxError) -> JSONSlice {
        let first = cursor.offset
        var hasMember = try cursor.openObject()
        while hasMember {
            let member = IntegrationMember.named(try cursor.memberName(), in: text)
            switch member {
            case .metadata where metadata == nil: metadata = try scanMetadata(&cursor)
            case .target where targetKind == nil: targetKind = try target.scan(&cursor, in: text)
            default: note(try cursor.value(), as: member)
            }
            hasMember = try cursor.nextMember()
        }
        return cursor.slice(.object, from: first)
    }

    private mutating func note(_ value: JSONSlice, as member: IntegrationMember?) {
        switch member {
        case .apiVersion where apiVersion == nil: apiVersion = value.kind
        case .kind where kind == nil: kind = value
        case .id where id == nil: id = value
        case .displayName where displayName == nil: displayName = value.kind
        case .description where description == nil: description = value.kind
        case .lookup: lookupMembers += 1
        default: break
        }
    }

    private mutating func scanMetadata(_ cursor: inout JSONCursor) throws(JSONSyntaxError) -> JSONKind {
        guard cursor.peek() == UInt8(ascii: "{") else { return try cursor.value().kind }
        var hasMember = try cursor.openObject()
        while hasMember {
            let member = IntegrationMember.named(try cursor.memberName(), in: text)
            let value = try cursor.value().kind
            if member == .link, metadataLink == nil { metadataLink = value }
            hasMember = try cursor.nextMember()
        }
        return .object
    }

    private func fault() -> String? {
        func noString(_ name: StaticString, _ member: JSONKind?) -> String? {
            guard let member else { return "the answer lacks the member '\(name)'" }
            if case .string = member { return nil }
            return "the answer's member '\(name)' is no string"
        }
        if let fault = noString("api_version", apiVersion) ?? noString("kind", kind?.kind) ?? noString("id", id?.kind)
            ?? noString("display_name", displayName)
        {
            return fault
        }
        if let kind, !JSONString.equals(kind, in: text, "Integration") { return "the answer's kind is not Integration" }
        if let id, !JSONString.equals(id, in: text, utf8: expectedID) {
            return "the answer is another integration than was asked for"
        }
        switch description {
        case nil, .string, .null: break
        default: return "the answer's member 'description' is no string"
        }
        return metadataFault() ?? targetFault()
    }

    private func metadataFault() -> String? {
        switch metadata {
        case nil, .null: return nil
        case .object:
            if case .string = metadataLink { return nil }
            return "the answer's metadata lacks 'self'"
        default: return "the answer's member 'metadata' is no object"
        }
    }

    private func targetFault() -> String? {
        switch targetKind {
        case nil: "the answer lacks the member 'target'"
        case .object: target.fault(in: text)
        default: "the answer's target is no object"
        }
    }
}
