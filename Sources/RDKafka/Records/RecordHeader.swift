/// A header of a record. Names may occur more than once, and their order is kept.
public struct RecordHeader: Hashable, Sendable {
    /// The name.
    public var name: String
    /// The value; nil is a null, which is not the same as an empty one.
    public var value: [UInt8]?

    /// Makes a header.
    public init(name: String, value: [UInt8]?) {
        self.name = name
        self.value = value
    }
}
