/// A header field of a response.
public struct HTTPField: Hashable, Sendable {
    /// The name, in lower case.
    public var name: String
    /// The value, without white space around it.
    public var value: String

    /// Creates a field.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
