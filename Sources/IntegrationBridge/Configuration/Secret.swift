/// A text that is printed, dumped and mirrored as `***`.
public struct Secret: Sendable, Hashable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    /// Wraps a secret.
    public init(_ text: String) {
        self.text = text
    }

    /// The secret itself; for the one place that sends it.
    public func reveal() -> String { text }

    /// `***`.
    public var description: String { "***" }
    /// `***`.
    public var debugDescription: String { "***" }
    /// Without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
