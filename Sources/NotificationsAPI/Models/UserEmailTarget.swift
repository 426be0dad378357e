public import JSONText

/// Notifications go to a user by email.
public struct UserEmailTarget: APIModel {
    /// The value of the member `kind`.
    public static let kind = "UserEmail"

    /// The whole document, as it was read.
    public let json: JSONValue
    /// The user.
    public let user: GlobalObjectReference

    /// Reads a target: `user` is required.
    public init(json: JSONValue) throws(ModelError) {
        try self.init(try ModelReader(json))
    }

    /// Creates a target.
    public init(user: GlobalObjectReference) {
        self.user = user
        json = .object([.init("kind", .string(Self.kind)), .init("user", user.json)])
    }

    init(_ reader: ModelReader) throws(ModelError) {
        try reader.require(kind: Self.kind)
        json = reader.json
        user = try GlobalObjectReference(try reader.object("user"))
    }

    /// The user's id.
    public var description: String { "UserEmailTarget(\(URLText.cut(user.id)))" }
}
