internal import RDKafka

extension BridgeConfiguration {
    /// One setting of librdkafka. Its text shows no password.
    public struct Property: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        /// The setting's name, as librdkafka's CONFIGURATION.md has it.
        public var name: String
        /// The setting's value; may be a secret.
        public var value: String

        /// Creates a setting.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }

        /// Reads `name=value`; nil where there is no name or no `=`. The value may itself hold `=`.
        public init?(_ text: String) {
            guard let equals = text.firstIndex(of: "=") else { return nil }
            let name = text[..<equals].trimmedOfSpaces
            guard !name.isEmpty else { return nil }
            self.init(name: name, value: text[text.index(after: equals)...].trimmedOfSpaces)
        }

        /// Whether the value must be shown to nobody.
        public var isSecret: Bool { KafkaProperty(name, value).isSecret }

        /// `name=value`, with `***` for a secret.
        public var description: String { "\(name)=\(isSecret ? "***" : value)" }

        /// Shows no more than `description` does.
        public var customMirror: Mirror {
            Mirror(self, children: ["name": name, "value": isSecret ? "***" : value], displayStyle: .struct)
        }
    }
}
