extension JSONValue {
    /// Reads a JSON text (RFC 8259) in UTF-8.
    ///
    /// - Throws: ``JSONSyntaxError`` where the bytes are no JSON text, or are nested deeper than 512 levels.
    public init(parsing bytes: [UInt8]) throws(JSONSyntaxError) {
        let result = bytes.withUnsafeBytes { (text) -> Result<JSONValue, JSONSyntaxError> in
            do throws(JSONSyntaxError) {
                return .success(try JSONValue.parse(text))
            } catch {
                return .failure(error)
            }
        }
        self = try result.get()
    }

    /// Reads a JSON text.
    ///
    /// - Throws: ``JSONSyntaxError`` where it is none, or is nested deeper than 512 levels.
    public init(parsing text: String) throws(JSONSyntaxError) {
        try self.init(parsing: Array(text.utf8))
    }

    /// Reads a JSON text.
    package static func parse(_ text: UnsafeRawBufferPointer) throws(JSONSyntaxError) -> JSONValue {
        var cursor = JSONCursor(text)
        let value = try build(&cursor)
        try cursor.end()
        return value
    }

    private static func build(_ cursor: inout JSONCursor) throws(JSONSyntaxError) -> JSONValue {
        switch cursor.peek() {
        case UInt8(ascii: "{"):
            var members: [Member] = []
            var hasMember = try cursor.openObject()
            while hasMember {
                let name = JSONString.decode(try cursor.memberName(), in: cursor.text)
                members.append(Member(name, try build(&cursor)))
                hasMember = try cursor.nextMember()
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            var hasElement = try cursor.openArray()
            while hasElement {
                elements.append(try build(&cursor))
                hasElement = try cursor.nextElement()
            }
            return .array(elements)
        default:
            let slice = try cursor.value()
            switch slice.kind {
            case .string: return .string(JSONString.decode(slice, in: cursor.text))
            case .number: return .number(String(decoding: cursor.text[slice.range], as: UTF8.self))
            case .bool(let value): return .bool(value)
            case .null, .object, .array: return .null
            }
        }
    }
}
