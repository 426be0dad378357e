extension JSONCursor {
    /// Steps over a string, white space before it included.
    @inlinable
    @inline(__always)
    package mutating func string() throws(JSONSyntaxError) -> JSONSlice {
        guard peek() == UInt8(ascii: "\"") else { throw failure(offset < count ? .unexpectedByte : .unexpectedEnd) }
        return try stringHere()
    }

    /// Steps over a string whose first quote is the next byte.
    @inlinable
    @inline(__always)
    mutating func stringHere() throws(JSONSyntaxError) -> JSONSlice {
        // Nearly every string is ASCII without escapes.
        let first = offset
        let end = start.endOfPlainASCII(from: first &+ 1, count: count)
        guard end < count, byte(at: end) == UInt8(ascii: "\"") else { return try stringHere(plainUntil: end) }
        offset = end &+ 1
        return slice(.string, from: first)
    }

    /// Steps over a string whose first quote is the next byte, and the first of whose bytes need no look.
    @usableFromInline
    @inline(never)
    mutating func stringHere(plainUntil end: Int) throws(JSONSyntaxError) -> JSONSlice {
        let first = offset
        var hasEscapes = false
        offset = end
        while offset < count {
            let byte = byte(at: offset)
            switch byte {
            case UInt8(ascii: "\""):
                offset &+= 1
                return slice(.string, from: first, hasEscapes: hasEscapes)
            case UInt8(ascii: "\\"):
                hasEscapes = true
                try escape()
            case 0x80...:
                try sequence(byte)
                // What is not ASCII mostly comes in runs.
                while offset < count, self.byte(at: offset) >= 0x80 { try sequence(self.byte(at: offset)) }
            default:
                throw failure(.controlCharacter)
            }
            offset = start.endOfPlainASCII(from: offset, count: count)
        }
        throw failure(.unexpectedEnd)
    }

    private mutating func escape() throws(JSONSyntaxError) {
        guard offset + 1 < count else {
            offset = count
            throw failure(.unexpectedEnd)
        }
        switch byte(at: offset + 1) {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            for index in offset + 2..<offset + 6 {
                guard index < count else {
                    offset = count
                    throw failure(.unexpectedEnd)
                }
                guard JSONString.hexDigit(byte(at: index)) != nil else { throw failure(.invalidEscape) }
            }
            offset += 6
        default:
            throw failure(.invalidEscape)
        }
    }

    /// Steps over one UTF-8 sequence of two to four bytes (Unicode 15, table 3-7).
    @inline(__always)
    private mutating func sequence(_ lead: UInt8) throws(JSONSyntaxError) {
        let length = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
        guard lead >= 0xC2, lead <= 0xF4, offset + length <= count else { throw failure(.invalidUTF8) }
        // Four leads allow a part of the second bytes only: others would be overlong, surrogates, or beyond U+10FFFF.
        let second = byte(at: offset + 1)
        let lowest: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { throw failure(.invalidUTF8) }
        guard length < 3 || isContinuation(offset + 2), length < 4 || isContinuation(offset + 3) else {
            throw failure(.invalidUTF8)
        }
        offset += length
    }

    @inline(__always)
    private func isContinuation(_ offset: Int) -> Bool {
        byte(at: offset) & 0xC0 == 0x80
    }
}
