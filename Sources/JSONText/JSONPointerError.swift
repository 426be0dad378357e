/// Why a text is no JSON Pointer.
package struct JSONPointerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The pointer, what is wrong with it, and what to write instead.
    package let message: String

    package var description: String { message }
}
