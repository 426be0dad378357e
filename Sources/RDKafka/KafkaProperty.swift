/// A setting of the client library, by the names of librdkafka's CONFIGURATION.md.
public struct KafkaProperty: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The name, such as `security.protocol`.
    public var name: String
    /// The value.
    public var value: String

    /// Makes a setting.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the value is one that nobody but the broker may see.
    public var isSecret: Bool {
        let name = name.lowercased()
        return ["password", "secret", "key", "pem", "token", "jaas", "oauthbearer.config"].contains(
            where: name.contains)
    }

    /// `name=value`, the value hidden where it may be a secret.
    public var description: String { "\(name)=\(isSecret ? "***" : value)" }
    /// The same as `description`.
    public var debugDescription: String { description }
    /// Hides from `dump` what the description hides.
    public var customMirror: Mirror {
        Mirror(self, children: ["name": name, "value": isSecret ? "***" : value], displayStyle: .struct)
    }
}
