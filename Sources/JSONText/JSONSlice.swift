/// Where a value stands in a text.
package struct JSONSlice: Hashable, Sendable {
    /// What the value is.
    package let kind: JSONKind
    /// The bytes of the value, without white space around it; those of a string include its quotes.
    package let range: Range<Int>

    package init(kind: JSONKind, range: Range<Int>) {
        self.kind = kind
        self.range = range
    }
}
