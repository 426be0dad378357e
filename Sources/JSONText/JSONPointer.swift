/// A JSON Pointer (RFC 6901): `/integration_id`, `/items/0/id`; empty for the whole value.
package struct JSONPointer: Sendable, Hashable, CustomStringConvertible {
    /// The pointer as it was written.
    package let description: String
    /// The names and indexes that it goes through, without RFC 6901's escapes.
    package let tokens: [String]
    let encodedTokens: [[UInt8]]
    let indexes: [Int?]

    /// Reads a pointer.
    ///
    /// - Throws: ``JSONPointerError`` where the text is not empty and has no slash first, or a `~` is not followed by `0` or `1`.
    package init(_ text: String) throws(JSONPointerError) {
        description = text
        var tokens: [String] = []
        if !text.isEmpty {
            guard text.utf8.first == UInt8(ascii: "/") else {
                throw JSONPointerError(message: "'\(text)' is no JSON Pointer: it must start with '/'")
            }
            for part in text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
                tokens.append(try Self.unescape(part, of: text))
            }
        }
        guard tokens.count <= JSONCursor.maximumDepth else {
            throw JSONPointerError(message: "the JSON Pointer is deeper than \(JSONCursor.maximumDepth) levels")
        }
        self.tokens = tokens
        encodedTokens = tokens.map { Array($0.utf8) }
        indexes = tokens.map { token in
            // An index has digits only, and no leading zero (RFC 6901, 4).
            guard token.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), token == "0" || token.utf8.first != 0x30 else {
                return nil
            }
            return Int(token)
        }
    }

    private static func unescape(_ part: Substring.UTF8View, of text: String) throws(JSONPointerError) -> String {
        var bytes: [UInt8] = []
        var rest = part[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "~") else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "0"): bytes.append(UInt8(ascii: "~"))
            case UInt8(ascii: "1"): bytes.append(UInt8(ascii: "/"))
            default:
                throw JSONPointerError(
                    message: "'\(text)' is no JSON Pointer: write '~' as '~0' and '/' within a name as '~1'")
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
