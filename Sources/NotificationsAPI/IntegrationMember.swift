internal import JSONText

/// The members of an Integration, at any depth of it, that its check looks at.
enum IntegrationMember {
    case apiVersion
    case description
    case displayName
    case id
    case kind
    case link
    case lookup
    case metadata
    case related
    case resourceName
    case roleName
    case target
    case url
    case user
    case webhookURL

    /// - Returns: `nil` for any other name.
    @inline(__always)
    static func named(_ name: JSONSlice, in text: UnsafeRawBufferPointer) -> IntegrationMember? {
        if JSONString.hasEscapes(name, in: text) { return decoded(name, in: text) }
        return named(JSONString.content(name, in: text))
    }

    private static func decoded(_ name: JSONSlice, in text: UnsafeRawBufferPointer) -> IntegrationMember? {
        var decoded: [UInt8] = []
        JSONString.copy(name, in: text, into: &decoded)
        return decoded.withUnsafeBytes { named($0) }
    }

    /// By length first, so that hardly a name is compared with more than one.
    private static func named(_ name: UnsafeRawBufferPointer) -> IntegrationMember? {
        switch name.count {
        case 2: return name.hasSameBytes(as: "id") ? .id : nil
        case 3: return name.hasSameBytes(as: "url") ? .url : nil
        case 4:
            if name.hasSameBytes(as: "kind") { return .kind }
            if name.hasSameBytes(as: "self") { return .link }
            return name.hasSameBytes(as: "user") ? .user : nil
        case 6:
            if name.hasSameBytes(as: "target") { return .target }
            return name.hasSameBytes(as: "lookup") ? .lookup : nil
        case 7: return name.hasSameBytes(as: "related") ? .related : nil
        case 8: return name.hasSameBytes(as: "metadata") ? .metadata : nil
        case 9: return name.hasSameBytes(as: "role_name") ? .roleName : nil
        case 11:
            if name.hasSameBytes(as: "api_version") { return .apiVersion }
            if name.hasSameBytes(as: "description") { return .description }
            return name.hasSameBytes(as: "webhook_url") ? .webhookURL : nil
        case 12: return name.hasSameBytes(as: "display_name") ? .displayName : nil
        case 13: return name.hasSameBytes(as: "resource_name") ? .resourceName : nil
        default: return nil
        }
    }
}
