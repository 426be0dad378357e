/// Why bytes are not the Integration that was asked for.
public struct IntegrationDocumentError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong; names the member, and never its value.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
