public import JSONText

/// Notifications go by email to everyone who has a role.
public struct RoleEmailTarget: APIModel {
    /// The value of the member `kind`.
    public static let kind = "RoleEmail"

    /// The whole document, as it was read.
    public let json: JSONValue
    /// The role: `OrganizationAdmin`.
    public let roleName: String

    /// Reads a target: `role_name` is required.
    public init(json: JSONValue) throws(ModelError) {
        try self.init(try ModelReader(json))
    }

    /// Creates a target.
    public init(roleName: String) {
        self.roleName = roleName
        json = .object([.init("kind", .string(Self.kind)), .init("role_name", .string(roleName))])
    }

    init(_ reader: ModelReader) throws(ModelError) {
        try reader.require(kind: Self.kind)
        json = reader.json
        roleName = try reader.string("role_name")
    }

    /// The role.
    public var description: String { "RoleEmailTarget(\(URLText.cut(roleName)))" }
}
