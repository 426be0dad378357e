/// Why a text is not JSON (RFC 8259), and where.
public struct JSONSyntaxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, as a value to compare with.
    public struct Reason: Hashable, Sendable, CustomStringConvertible {
        /// What is wrong, in words.
        public let description: String

        /// The text ends before its value does.
        public static let unexpectedEnd = Reason(description: "the text ends too early")
        /// A byte that cannot stand where it stands.
        public static let unexpectedByte = Reason(description: "unexpected character")
        /// Something other than white space follows the value.
        public static let trailingBytes = Reason(description: "more text after the value")
        /// A number that breaks the grammar: a leading zero, a missing digit.
        public static let invalidNumber = Reason(description: "not a number")
        /// A backslash that begins no escape of JSON.
        public static let invalidEscape = Reason(description: "unknown escape in a string")
        /// An unescaped character below U+0020 in a string.
        public static let controlCharacter = Reason(description: "control character in a string")
        /// Bytes that are not UTF-8: overlong, surrogates, beyond U+10FFFF, cut off.
        public static let invalidUTF8 = Reason(description: "not UTF-8")
        /// More than 512 objects and arrays in one another.
        public static let tooDeep = Reason(description: "nested deeper than 512 levels")
    }

    /// The offset in bytes of what is wrong.
    public let offset: Int
    /// What is wrong.
    public let reason: Reason

    /// Reason and offset.
    public var description: String { "invalid JSON at byte \(offset): \(reason)" }
}
