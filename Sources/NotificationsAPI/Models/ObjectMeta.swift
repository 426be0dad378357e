public import JSONText

/// What the API knows about an object besides its content, by its schema `ObjectMeta`.
public struct ObjectMeta: APIModel {
    /// The whole document, as it was read.
    public let json: JSONValue
    /// The member `self`: the API's URL of the object.
    public let selfLink: String
    /// The object's Confluent Resource Name.
    public let resourceName: String?
    /// When the object was created.
    public let createdAt: Timestamp?
    /// When the object was last changed.
    public let updatedAt: Timestamp?
    /// When the object was deleted.
    public let deletedAt: Timestamp?

    /// Reads metadata: only `self` is required.
    public init(json: JSONValue) throws(ModelError) {
        try self.init(try ModelReader(json))
    }

    /// Creates metadata.
    public init(
        selfLink: String, resourceName: String? = nil, createdAt: Timestamp? = nil, updatedAt: Timestamp? = nil,
        deletedAt: Timestamp? = nil
    ) {
        self.selfLink = selfLink
        self.resourceName = resourceName
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.deletedAt = deletedAt
        let texts = [
            ("self", selfLink), ("resource_name", resourceName), ("created_at", createdAt?.text),
            ("updated_at", updatedAt?.text), ("deleted_at", deletedAt?.text),
        ]
        json = .object(texts.compactMap { name, text in text.map { .init(name, .string($0)) } })
    }

    init(_ reader: ModelReader) throws(ModelError) {
        json = reader.json
        selfLink = try reader.string("self")
        resourceName = try reader.optionalString("resource_name")
        createdAt = try reader.optionalString("created_at").map(Timestamp.init)
        updatedAt = try reader.optionalString("updated_at").map(Timestamp.init)
        deletedAt = try reader.optionalString("deleted_at").map(Timestamp.init)
    }

    /// The resource name.
    public var description: String {
        "ObjectMeta(resourceName: \(resourceName.map(URLText.cut) ?? "none"))"
    }
}
