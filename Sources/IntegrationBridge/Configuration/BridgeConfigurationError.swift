/// Why a configuration cannot be used: everything that is wrong with it, not only the first thing.
public struct BridgeConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What kind of mistake it is, as a value to compare with.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        /// The file is missing or cannot be read.
        public static let unreadableFile = Code(name: "unreadable_file")
        /// The file is not YAML, or YAML of a form that is not taken.
        public static let syntax = Code(name: "syntax")
        /// No such key, or no such variable.
        public static let unknownKey = Code(name: "unknown_key")
        /// The same key twice.
        public static let duplicateKey = Code(name: "duplicate_key")
        /// A value that the key does not take.
        public static let invalidValue = Code(name: "invalid_value")
        /// A key that must be given and is not.
        public static let missingValue = Code(name: "missing_value")
        /// Values that contradict one another.
        public static let conflict = Code(name: "conflict")

        /// The code's stable name.
        public var description: String { name }
    }

    /// One mistake.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// What kind of mistake it is.
        public let code: Code
        /// The key that it is about, where there is one.
        public let key: String?
        /// Where it was made.
        public let source: ConfigurationSource
        /// What is wrong and what to do; never holds a secret.
        public let message: String

        /// Creates a problem.
        package init(_ code: Code, key: String? = nil, at source: ConfigurationSource = .code, _ message: String) {
            self.code = code
            self.key = key
            self.source = source
            self.message = message
        }

        /// Where, which key, and the message.
        public var description: String {
            switch (source, key) {
            case (.code, let key): key.map { "\($0): \(message)" } ?? message
            case (.file, let key?): "\(source): \(key): \(message)"
            case (.environment, let key?): "\(source) (\(key)): \(message)"
            case (_, nil): "\(source): \(message)"
            }
        }
    }

    /// Every mistake that was found; at least one.
    public let problems: [Problem]

    /// The first mistake's kind.
    public var code: Code { problems.first?.code ?? .invalidValue }
    /// A mistake a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }

    package init(_ problems: [Problem]) {
        self.problems = problems
    }
}
