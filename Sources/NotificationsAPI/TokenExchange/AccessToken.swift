/// A token that the API issued, and how long it lives; its text does not show the token.
public struct AccessToken: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The token as a client sends it.
    public let credentials: Credentials
    /// How long it lives, counted from before it was asked for.
    public let expiresIn: Duration

    /// Creates a token; for test doubles.
    public init(token: String, expiresIn: Duration) {
        credentials = .bearer(token: token)
        self.expiresIn = expiresIn
    }

    /// The lifetime, without the token.
    public var description: String { "AccessToken(***, \(expiresIn))" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows no more than ``description``.
    public var customMirror: Mirror { Mirror(self, children: ["token": description]) }
}
