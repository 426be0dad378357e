public import JSONText

/// A reference to an object elsewhere in the cloud, by the API's schema `GlobalObjectReference`.
public struct GlobalObjectReference: APIModel {
    /// The whole document, as it was read.
    public let json: JSONValue
    /// The id of the object.
    public let id: String
    /// The API's URL of the object.
    public let related: String
    /// The object's Confluent Resource Name.
    public let resourceName: String

    /// Reads a reference: `id`, `related` and `resource_name` are required.
    public init(json: JSONValue) throws(ModelError) {
        try self.init(try ModelReader(json))
    }

    /// Creates a reference.
    public init(id: String, related: String, resourceName: String) {
        self.id = id
        self.related = related
        self.resourceName = resourceName
        json = .object([
            .init("id", .string(id)), .init("related", .string(related)), .init("resource_name", .string(resourceName)),
        ])
    }

    init(_ reader: ModelReader) throws(ModelError) {
        json = reader.json
        id = try reader.string("id")
        related = try reader.string("related")
        resourceName = try reader.string("resource_name")
    }

    /// The id.
    public var description: String { "GlobalObjectReference(id: \(URLText.cut(id)))" }
}
