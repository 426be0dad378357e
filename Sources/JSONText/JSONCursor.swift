/// A place in a text that is read once from start to end, each value checked as it is stepped over.
///
/// It does not own the text and must not outlive it.
package struct JSONCursor {
    /// How many objects and arrays may stand in one another; bounds the stack that a hostile text can use.
    package static let maximumDepth = 512

    let text: UnsafeRawBufferPointer
    /// The offset of the next byte.
    package internal(set) var offset = 0
    private var depth = 0

    package init(_ text: UnsafeRawBufferPointer) {
        self.text = text
    }

    /// The next byte after white space, which is stepped over; nil at the end.
    @inline(__always)
    package mutating func peek() -> UInt8? {
        while offset < text.count {
            let byte = text[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            offset += 1
        }
        return nil
    }

    /// Steps over the next value, of any kind.
    package mutating func value() throws(JSONSyntaxError) -> JSONSlice {
        guard let first = peek() else { throw failure(.unexpectedEnd) }
        let start = offset
        switch first {
        case UInt8(ascii: "\""):
            return try string()
        case UInt8(ascii: "{"):
            return try object { (cursor, _) throws(JSONSyntaxError) in _ = try cursor.value() }
        case UInt8(ascii: "["):
            return try array { (cursor, _) throws(JSONSyntaxError) in _ = try cursor.value() }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try number()
        case UInt8(ascii: "t"):
            try literal("true")
            return JSONSlice(kind: .bool(true), range: start..<offset)
        case UInt8(ascii: "f"):
            try literal("false")
            return JSONSlice(kind: .bool(false), range: start..<offset)
        case UInt8(ascii: "n"):
            try literal("null")
            return JSONSlice(kind: .null, range: start..<offset)
        default:
            throw failure(.unexpectedByte)
        }
    }

    /// Steps over an object; `member` is called after each name, and must step over the value.
    @inline(__always)
    package mutating func object(
        _ member: (inout JSONCursor, _ name: JSONSlice) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) -> JSONSlice {
        let start = try open(UInt8(ascii: "{"))
        if peek() == UInt8(ascii: "}") {
            return close(.object, from: start)
        }
        while true {
            let name = try string()
            try expect(UInt8(ascii: ":"))
            try member(&self, name)
            guard let next = peek() else { throw failure(.unexpectedEnd) }
            if next == UInt8(ascii: "}") { return close(.object, from: start) }
            guard next == UInt8(ascii: ",") else { throw failure(.unexpectedByte) }
            offset += 1
        }
    }

    /// Steps over an array; `element` is called before each element with its index, and must step over it.
    @inline(__always)
    package mutating func array(
        _ element: (inout JSONCursor, _ index: Int) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) -> JSONSlice {
        let start = try open(UInt8(ascii: "["))
        if peek() == UInt8(ascii: "]") {
            return close(.array, from: start)
        }
        var index = 0
        while true {
            try element(&self, index)
            index += 1
            guard let next = peek() else { throw failure(.unexpectedEnd) }
            if next == UInt8(ascii: "]") { return close(.array, from: start) }
            guard next == UInt8(ascii: ",") else { throw failure(.unexpectedByte) }
            offset += 1
        }
    }

    /// Steps over white space to the end of the text.
    package mutating func end() throws(JSONSyntaxError) {
        if peek() != nil { throw failure(.trailingBytes) }
    }

    func failure(_ reason: JSONSyntaxError.Reason) -> JSONSyntaxError {
        JSONSyntaxError(offset: offset, reason: reason)
    }

    private mutating func open(_ bracket: UInt8) throws(JSONSyntaxError) -> Int {
        try expect(bracket)
        guard depth < Self.maximumDepth else {
            offset -= 1
            throw failure(.tooDeep)
        }
        depth += 1
        return offset - 1
    }

    private mutating func close(_ kind: JSONKind, from start: Int) -> JSONSlice {
        offset += 1
        depth -= 1
        return JSONSlice(kind: kind, range: start..<offset)
    }

    @inline(__always)
    private mutating func expect(_ byte: UInt8) throws(JSONSyntaxError) {
        guard let next = peek() else { throw failure(.unexpectedEnd) }
        guard next == byte else { throw failure(.unexpectedByte) }
        offset += 1
    }

    private mutating func literal(_ word: StaticString) throws(JSONSyntaxError) {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < text.count else { throw failure(.unexpectedEnd) }
            guard text[offset] == word.utf8Start[index] else { throw failure(.unexpectedByte) }
            offset += 1
        }
    }
}
