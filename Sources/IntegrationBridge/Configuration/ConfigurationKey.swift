/// One key of the configuration: what file, environment, help, schema and documentation know of it.
public struct ConfigurationKey: Sendable {
    /// What a key takes.
    public enum Kind: Sendable, Hashable {
        /// Any text.
        case text
        /// A list of texts; one text takes commas.
        case list
        /// A list of `name=value`; one text takes commas, `\,` is a comma within a value.
        case properties
        /// A whole number.
        case integer
        /// A number.
        case number
        /// `true` or `false`.
        case boolean
        /// A duration: `250ms`, `10s`, `5m`, `2h`, `1d`.
        case duration
        /// A size in bytes: `0`, `512KiB`, `64MiB`, `1GiB`.
        case size
        /// One of these words.
        case choice([String])

        /// What is accepted, as a message says it.
        public var accepts: String {
            switch self {
            case .text: "a text"
            case .list: "a list of texts"
            case .properties: "a list of name=value"
            case .integer: "a whole number"
            case .number: "a number"
            case .boolean: "true or false"
            case .duration: "a duration: a whole number with ms, s, m, h or d, such as 250ms or 5m"
            case .size: "a size: a whole number of bytes, or with KiB, MiB or GiB, such as 64MiB"
            case .choice(let words): "one of \(words.joined(separator: ", "))"
            }
        }
    }

    /// The name, such as `lookup.backoff.initial`.
    public let name: String
    /// What it takes.
    public let kind: Kind
    /// What it is for, in one sentence.
    public let summary: String
    /// The default as text; nil where there is none.
    public let defaultText: String?
    /// Whether it must be given.
    public let isRequired: Bool
    /// Whether its value is shown to nobody.
    public let isSecret: Bool
    /// Whether it is accepted, but without effect yet.
    public let isYetToCome: Bool

    let set: @Sendable (inout BridgeConfiguration, ConfigurationValue) -> Bool
    let read: @Sendable (BridgeConfiguration) -> [String]?

    /// The environment variable that sets it, such as `INTEGRATION_BRIDGE_API_BASE_URL`.
    public var environmentVariable: String { Self.environmentPrefix + Self.upperSnakeCase(name) }

    /// What every variable of ours begins with.
    public static let environmentPrefix = "INTEGRATION_BRIDGE_"

    /// The value as text, `***` for secrets; nil where it is not set.
    public func text(in configuration: BridgeConfiguration) -> String? {
        items(in: configuration).map { kind.isList ? ListText.text($0) : $0.joined() }
    }

    /// The value's items, one where it is no list, `***` for secrets; nil where it is not set.
    public func items(in configuration: BridgeConfiguration) -> [String]? {
        guard let items = read(configuration) else { return nil }
        return isSecret ? ["***"] : items
    }

    /// Sets the value.
    ///
    /// - Returns: False where the key does not take it; nothing is changed then.
    package func apply(_ value: ConfigurationValue, to configuration: inout BridgeConfiguration) -> Bool {
        set(&configuration, value)
    }

    private static func upperSnakeCase(_ name: String) -> String {
        var result = ""
        for character in name {
            if character == "." {
                result.append("_")
            } else {
                if character.isUppercase { result.append("_") }
                result.append(contentsOf: character.uppercased())
            }
        }
        return result
    }
}

extension ConfigurationKey.Kind {
    /// Whether it takes several values.
    package var isList: Bool { self == .list || self == .properties }
}
