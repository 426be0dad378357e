public import JSONText

/// Where an integration sends notifications, by the API's schema `Target`.
public enum Target: APIModel {
    /// A Slack channel.
    case slack(SlackTarget)
    /// Everyone who has a role, by email.
    case roleEmail(RoleEmailTarget)
    /// A user, by email.
    case userEmail(UserEmailTarget)
    /// A web server.
    case webhook(WebhookTarget)
    /// A Microsoft Teams channel.
    case msTeams(MsTeamsTarget)
    /// A user, within Confluent Cloud.
    case inApp(InAppTarget)
    /// A kind that this version does not know, with the whole target.
    case unknown(kind: String, JSONValue)

    /// Reads a target. A kind that is unknown needs nothing but `kind`.
    ///
    /// `InApp` is in use without being in the API's schema: one of another shape than expected is ``unknown(kind:_:)``.
    public init(json: JSONValue) throws(ModelError) {
        try self.init(try ModelReader(json))
    }

    init(_ reader: ModelReader) throws(ModelError) {
        switch try reader.string("kind") {
        case SlackTarget.kind: self = .slack(try SlackTarget(reader))
        case RoleEmailTarget.kind: self = .roleEmail(try RoleEmailTarget(reader))
        case UserEmailTarget.kind: self = .userEmail(try UserEmailTarget(reader))
        case WebhookTarget.kind: self = .webhook(try WebhookTarget(reader))
        case MsTeamsTarget.kind: self = .msTeams(try MsTeamsTarget(reader))
        case InAppTarget.kind:
            self = (try? InAppTarget(reader)).map(Target.inApp) ?? .unknown(kind: InAppTarget.kind, reader.json)
        case let kind: self = .unknown(kind: kind, reader.json)
        }
    }

    /// The value of the member `kind`.
    public var kind: String {
        switch self {
        case .slack: SlackTarget.kind
        case .roleEmail: RoleEmailTarget.kind
        case .userEmail: UserEmailTarget.kind
        case .webhook: WebhookTarget.kind
        case .msTeams: MsTeamsTarget.kind
        case .inApp: InAppTarget.kind
        case .unknown(let kind, _): kind
        }
    }

    /// The whole document, as it was read.
    public var json: JSONValue {
        switch self {
        case .slack(let target): target.json
        case .roleEmail(let target): target.json
        case .userEmail(let target): target.json
        case .webhook(let target): target.json
        case .msTeams(let target): target.json
        case .inApp(let target): target.json
        case .unknown(_, let json): json
        }
    }

    /// The kind, with what may be shown of the target.
    public var description: String {
        switch self {
        case .slack(let target): target.description
        case .roleEmail(let target): target.description
        case .userEmail(let target): target.description
        case .webhook(let target): target.description
        case .msTeams(let target): target.description
        case .inApp(let target): target.description
        case .unknown(let kind, _): "unknown target of kind \(URLText.cut(kind))"
        }
    }
}
