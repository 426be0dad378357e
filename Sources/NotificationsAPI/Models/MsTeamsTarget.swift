public import JSONText

/// Notifications go to a Microsoft Teams channel.
public struct MsTeamsTarget: APIModel {
    /// The value of the member `kind`.
    public static let kind = "MsTeams"

    /// The whole document, as it was read.
    public let json: JSONValue
    /// The URL to post to; it is a credential.
    public let webhookURL: String

    /// Reads a target: `webhook_url` is required.
    public init(json: JSONValue) throws(ModelError) {
        try self.init(try ModelReader(json))
    }

    /// Creates a target.
    public init(webhookURL: String) {
        self.webhookURL = webhookURL
        json = .object([.init("kind", .string(Self.kind)), .init("webhook_url", .string(webhookURL))])
    }

    init(_ reader: ModelReader) throws(ModelError) {
        try reader.require(kind: Self.kind)
        json = reader.json
        webhookURL = try reader.string("webhook_url")
    }

    /// The webhook's host.
    public var description: String { "MsTeamsTarget(\(URLText.redacted(webhookURL)))" }
}
