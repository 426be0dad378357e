internal import IntegrationBridge

/// A leaf of a YAML file: its dotted key, its value, and where the value is.
struct YAMLEntry: Equatable {
    var key: String
    /// Nil for a null: the key keeps its default.
    var value: ConfigurationValue?
    var line: Int
    var column: Int
}
