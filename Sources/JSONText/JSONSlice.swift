/// Where a value stands in a text.
@usableFromInline
package struct JSONSlice: Hashable, Sendable {
    /// What the value is.
    @usableFromInline package let kind: JSONKind
    /// The bytes of the value, without white space around it; those of a string include its quotes.
    @usableFromInline package let range: Range<Int>
    /// Whether it is a string with escapes: noted while it was stepped over, so that nobody has to look for them again.
    @usableFromInline let hasEscapes: Bool

    @inlinable
    init(kind: JSONKind, range: Range<Int>, hasEscapes: Bool = false) {
        self.kind = kind
        self.range = range
        self.hasEscapes = hasEscapes
    }
}
