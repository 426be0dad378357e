public import JSONText

/// Notifications go to a web server.
public struct WebhookTarget: APIModel {
    /// The value of the member `kind`.
    public static let kind = "Webhook"

    /// The whole document, as it was read.
    public let json: JSONValue
    /// The URL to post to; it is a credential.
    public let url: String

    /// Reads a target: `url` is required.
    public init(json: JSONValue) throws(ModelError) {
        try self.init(try ModelReader(json))
    }

    /// Creates a target.
    public init(url: String) {
        self.url = url
        json = .object([.init("kind", .string(Self.kind)), .init("url", .string(url))])
    }

    init(_ reader: ModelReader) throws(ModelError) {
        try reader.require(kind: Self.kind)
        json = reader.json
        url = try reader.string("url")
    }

    /// The webhook's host.
    public var description: String { "WebhookTarget(\(URLText.redacted(url)))" }
}
