/// A place in a text that is read once from start to end, each value checked as it is stepped over.
///
/// It does not own the text and must not outlive it. What it takes to walk through objects is inlinable: other modules walk
/// without a call for each step.
@usableFromInline
package struct JSONCursor {
    /// How many objects and arrays may stand in one another; bounds the stack that a hostile text can use.
    @usableFromInline package static let maximumDepth = 512

    /// The text's first byte and its length, not as a buffer pointer: that would compute its length, and look whether there
    /// is an address at all, for each byte.
    @usableFromInline let start: UnsafeRawPointer
    @usableFromInline let count: Int
    /// The offset of the next byte.
    @usableFromInline package internal(set) var offset = 0
    @usableFromInline var depth = 0

    @inlinable
    package init(_ text: UnsafeRawBufferPointer) {
        start = text.baseAddress ?? UnsafeRawPointer(("" as StaticString).utf8Start)
        count = text.count
    }

    /// The whole text.
    var text: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }

    /// One byte of the text.
    @inlinable
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        assert(offset >= 0 && offset < count)
        return start.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// The next byte after white space, which is stepped over; nil at the end.
    @inlinable
    @inline(__always)
    package mutating func peek() -> UInt8? {
        while offset < count {
            let byte = byte(at: offset)
            // One comparison for nearly every byte.
            guard byte <= 0x20, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            offset &+= 1
        }
        return nil
    }

    /// Steps over the next value, of any kind.
    @inlinable
    @inline(__always)
    package mutating func value() throws(JSONSyntaxError) -> JSONSlice {
        if peek() == UInt8(ascii: "\"") { return try stringHere() }
        return try valueButString()
    }

    /// Steps over the next value, which is no string.
    @usableFromInline
    mutating func valueButString() throws(JSONSyntaxError) -> JSONSlice {
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        let first = offset
        switch byte {
        case UInt8(ascii: "{"):
            var hasMember = try openObject()
            while hasMember {
                _ = try memberName()
                _ = try value()
                hasMember = try nextMember()
            }
            return slice(.object, from: first)
        case UInt8(ascii: "["):
            var hasElement = try openArray()
            while hasElement {
                _ = try value()
                hasElement = try nextElement()
            }
            return slice(.array, from: first)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return try number()
        case UInt8(ascii: "t"):
            try literal("true")
            return slice(.bool(true), from: first)
        case UInt8(ascii: "f"):
            try literal("false")
            return slice(.bool(false), from: first)
        case UInt8(ascii: "n"):
            try literal("null")
            return slice(.null, from: first)
        default:
            throw failure(.unexpectedByte)
        }
    }

    /// Steps over the opening brace of an object, and over the closing one where it has no members.
    ///
    /// - Returns: whether there is a member, which is next.
    @inlinable
    @inline(__always)
    package mutating func openObject() throws(JSONSyntaxError) -> Bool {
        try open(UInt8(ascii: "{"), closedBy: UInt8(ascii: "}"))
    }

    /// Steps over a member's name and the colon; its value is next.
    @inlinable
    @inline(__always)
    package mutating func memberName() throws(JSONSyntaxError) -> JSONSlice {
        let name = try string()
        try expect(UInt8(ascii: ":"))
        return name
    }

    /// Steps over the comma behind a member, or over the closing brace.
    ///
    /// - Returns: whether there is another member, which is next.
    @inlinable
    @inline(__always)
    package mutating func nextMember() throws(JSONSyntaxError) -> Bool {
        try next(closedBy: UInt8(ascii: "}"))
    }

    /// Steps over the opening bracket of an array, and over the closing one where it has no elements.
    ///
    /// - Returns: whether there is an element, which is next.
    mutating func openArray() throws(JSONSyntaxError) -> Bool {
        try open(UInt8(ascii: "["), closedBy: UInt8(ascii: "]"))
    }

    /// Steps over the comma behind an element, or over the closing bracket.
    ///
    /// - Returns: whether there is another element, which is next.
    mutating func nextElement() throws(JSONSyntaxError) -> Bool {
        try next(closedBy: UInt8(ascii: "]"))
    }

    /// What began at `first` and was just stepped over.
    @inlinable
    @inline(__always)
    package func slice(_ kind: JSONKind, from first: Int, hasEscapes: Bool = false) -> JSONSlice {
        JSONSlice(kind: kind, range: Range(uncheckedBounds: (first, offset)), hasEscapes: hasEscapes)
    }

    /// Steps over white space to the end of the text.
    @inlinable
    package mutating func end() throws(JSONSyntaxError) {
        if peek() != nil { throw failure(.trailingBytes) }
    }

    @usableFromInline
    @inline(never)
    func failure(_ reason: JSONSyntaxError.Reason) -> JSONSyntaxError {
        JSONSyntaxError(offset: offset, reason: reason)
    }

    @inlinable
    @inline(__always)
    mutating func open(_ bracket: UInt8, closedBy closing: UInt8) throws(JSONSyntaxError) -> Bool {
        try expect(bracket)
        guard depth < Self.maximumDepth else {
            offset &-= 1
            throw failure(.tooDeep)
        }
        guard peek() == closing else {
            depth &+= 1
            return true
        }
        offset &+= 1
        return false
    }

    @inlinable
    @inline(__always)
    mutating func next(closedBy closing: UInt8) throws(JSONSyntaxError) -> Bool {
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        offset &+= 1
        if byte == UInt8(ascii: ",") { return true }
        guard byte == closing else {
            offset &-= 1
            throw failure(.unexpectedByte)
        }
        depth &-= 1
        return false
    }

    /// Steps over this byte, and white space before it.
    @inlinable
    @inline(__always)
    mutating func expect(_ byte: UInt8) throws(JSONSyntaxError) {
        guard let next = peek() else { throw failure(.unexpectedEnd) }
        guard next == byte else { throw failure(.unexpectedByte) }
        offset &+= 1
    }

    private mutating func literal(_ word: StaticString) throws(JSONSyntaxError) {
        let end = offset + word.utf8CodeUnitCount
        if end <= count, UnsafeRawBufferPointer(start: start + offset, count: end - offset).hasSameBytes(as: word) {
            offset = end
            return
        }
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < count else { throw failure(.unexpectedEnd) }
            guard byte(at: offset) == word.utf8Start[index] else { throw failure(.unexpectedByte) }
            offset += 1
        }
    }
}
