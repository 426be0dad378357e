/// What a pointer found in a text.
package struct JSONLookup: Hashable, Sendable {
    /// The whole value.
    package let root: JSONSlice
    /// The value that the pointer names, where there is one.
    package let found: JSONSlice?
}
