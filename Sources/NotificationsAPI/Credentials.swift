internal import Foundation

/// How a client authenticates; its text shows no secret.
public enum Credentials: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Not at all.
    case none
    /// A Cloud API key: HTTP Basic, the key as user and the secret as password.
    case apiKey(key: String, secret: String)
    /// A bearer token, such as one of ``TokenExchange``.
    case bearer(token: String)

    /// The value of the header field `Authorization`.
    var authorization: String? {
        switch self {
        case .none: nil
        case .apiKey(let key, let secret): "Basic " + Self.basic(key, secret)
        case .bearer(let token): "Bearer " + token
        }
    }

    /// What nobody else may see: what is kept, and the form in which it is sent.
    var secrets: [String] {
        switch self {
        case .none: []
        case .apiKey(let key, let secret): [secret, Self.basic(key, secret)]
        case .bearer(let token): [token]
        }
    }

    private static func basic(_ key: String, _ secret: String) -> String {
        Data("\(key):\(secret)".utf8).base64EncodedString()
    }

    /// The kind and the key.
    public var description: String {
        switch self {
        case .none: "none"
        case .apiKey(let key, _): "apiKey(\(key), ***)"
        case .bearer: "bearer(***)"
        }
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows no more than ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["credentials": description]) }
}
