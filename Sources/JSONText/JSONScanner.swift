/// One pass over a JSON text that allocates nothing.
package enum JSONScanner {
    /// Checks that the whole text is one value, with white space around it at most.
    ///
    /// UTF-8 is checked; a byte order mark is refused. An escape of half a surrogate pair is accepted: it is within
    /// RFC 8259's grammar, and the text may be passed on as it is.
    package static func validate(_ text: UnsafeRawBufferPointer) throws(JSONSyntaxError) -> JSONSlice {
        var cursor = JSONCursor(text)
        let root = try cursor.value()
        try cursor.end()
        return root
    }

    /// Checks the whole text, and finds the value that a pointer names.
    ///
    /// The first of repeated members counts; names are compared decoded.
    package static func find(
        _ pointer: JSONPointer, in text: UnsafeRawBufferPointer
    ) throws(JSONSyntaxError) -> JSONLookup {
        var cursor = JSONCursor(text)
        var found: JSONSlice?
        let root = try descend(pointer, 0, &cursor, &found)
        try cursor.end()
        return JSONLookup(root: root, found: found)
    }

    /// Calls `body` for each member of an object in order, until it returns false.
    ///
    /// - Parameters:
    ///   - object: an object in `text`; of another value nothing is called.
    ///   - text: a text that has been validated.
    package static func forEachMember(
        of object: JSONSlice, in text: UnsafeRawBufferPointer,
        _ body: (_ name: JSONSlice, _ value: JSONSlice) throws -> Bool
    ) throws {
        guard object.kind == .object else { return }
        var cursor = JSONCursor(text)
        cursor.offset = object.range.lowerBound + 1
        guard cursor.peek() != UInt8(ascii: "}") else { return }
        while true {
            let name = try cursor.string()
            guard cursor.peek() != nil else { return }
            cursor.offset += 1
            guard try body(name, cursor.value()), cursor.peek() == UInt8(ascii: ",") else { return }
            cursor.offset += 1
        }
    }

    /// Calls `body` for each element of an array in order, until it returns false.
    package static func forEachElement(
        of array: JSONSlice, in text: UnsafeRawBufferPointer, _ body: (JSONSlice) throws -> Bool
    ) throws {
        guard array.kind == .array else { return }
        var cursor = JSONCursor(text)
        cursor.offset = array.range.lowerBound + 1
        guard cursor.peek() != UInt8(ascii: "]") else { return }
        while true {
            guard try body(cursor.value()), cursor.peek() == UInt8(ascii: ",") else { return }
            cursor.offset += 1
        }
    }

    private static func descend(
        _ pointer: JSONPointer, _ level: Int, _ cursor: inout JSONCursor, _ found: inout JSONSlice?
    ) throws(JSONSyntaxError) -> JSONSlice {
        guard level < pointer.encodedTokens.count else {
            let value = try cursor.value()
            found = value
            return value
        }
        let next = cursor.peek()
        let first = cursor.offset
        switch next {
        case UInt8(ascii: "{"):
            var isFound = false
            var hasMember = try cursor.openObject()
            while hasMember {
                let name = try cursor.memberName()
                if !isFound, JSONString.equals(name, in: cursor.text, utf8: pointer.encodedTokens[level]) {
                    isFound = true
                    _ = try descend(pointer, level + 1, &cursor, &found)
                } else {
                    _ = try cursor.value()
                }
                hasMember = try cursor.nextMember()
            }
            return cursor.slice(.object, from: first)
        case UInt8(ascii: "["):
            var index = 0
            var hasElement = try cursor.openArray()
            while hasElement {
                if index == pointer.indexes[level] {
                    _ = try descend(pointer, level + 1, &cursor, &found)
                } else {
                    _ = try cursor.value()
                }
                index += 1
                hasElement = try cursor.nextElement()
            }
            return cursor.slice(.array, from: first)
        default:
            return try cursor.value()
        }
    }
}
