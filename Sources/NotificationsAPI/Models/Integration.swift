public import JSONText

/// An integration: where Confluent Cloud sends notifications to, by the API's schema `Integration`.
public struct Integration: APIModel {
    /// The whole document, as it was read.
    public let json: JSONValue
    /// The member `api_version`: `notifications/v1`. Items of a listing may lack it.
    public let apiVersion: String?
    /// The id.
    public let id: String
    /// What the API knows about the integration besides its content.
    public let metadata: ObjectMeta?
    /// The name that people see.
    public let displayName: String
    /// The member `description`: what the integration is for.
    public let details: String?
    /// Where notifications go.
    public let target: Target

    /// Reads an integration: `id`, `display_name` and `target` are required, and `kind`, where it is there, must be
    /// `Integration`.
    public init(json: JSONValue) throws(ModelError) {
        let reader = try ModelReader(json)
        self.json = json
        if try reader.optionalString("kind") != nil { try reader.require(kind: "Integration") }
        apiVersion = try reader.optionalString("api_version")
        id = try reader.string("id")
        displayName = try reader.string("display_name")
        details = try reader.optionalString("description")
        if let inner = try reader.optionalObject("metadata") {
            metadata = try ObjectMeta(inner)
        } else {
            metadata = nil
        }
        target = try Target(try reader.object("target"))
    }

    /// Creates an integration.
    public init(
        id: String, displayName: String, details: String? = nil, metadata: ObjectMeta? = nil, target: Target
    ) {
        apiVersion = "notifications/v1"
        self.id = id
        self.displayName = displayName
        self.details = details
        self.metadata = metadata
        self.target = target
        var members: [JSONValue.Member] = [
            .init("api_version", .string("notifications/v1")), .init("kind", .string("Integration")),
            .init("id", .string(id)),
        ]
        if let metadata { members.append(.init("metadata", metadata.json)) }
        members.append(.init("display_name", .string(displayName)))
        if let details { members.append(.init("description", .string(details))) }
        members.append(.init("target", target.json))
        json = .object(members)
    }

    /// The id, and what may be shown of the target.
    public var description: String { "Integration(id: \(URLText.cut(id)), target: \(target))" }
}
