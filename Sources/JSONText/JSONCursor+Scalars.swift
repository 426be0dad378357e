extension JSONCursor {
    /// Steps over a string, white space before it included.
    package mutating func string() throws(JSONSyntaxError) -> JSONSlice {
        guard let first = peek() else { throw failure(.unexpectedEnd) }
        guard first == UInt8(ascii: "\"") else { throw failure(.unexpectedByte) }
        let start = offset
        offset += 1
        while true {
            skipPlainWords()
            guard offset < text.count else { throw failure(.unexpectedEnd) }
            let byte = text[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return JSONSlice(kind: .string, range: start..<offset)
            case UInt8(ascii: "\\"):
                try escape()
            case 0..<0x20:
                throw failure(.controlCharacter)
            case 0x80...:
                try sequence(byte)
            default:
                offset += 1
            }
        }
    }

    /// Steps over eight bytes at a time while all of them are printable ASCII without quote and backslash.
    @inline(__always)
    private mutating func skipPlainWords() {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs: UInt64 = 0x8080_8080_8080_8080
        while offset + 8 <= text.count {
            let word = text.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            let quotes = word ^ (ones &* 0x22)
            let backslashes = word ^ (ones &* 0x5C)
            // A high bit shows where a byte is below 0x20, is a quote, a backslash, or not ASCII. A borrow can only
            // add a false alarm beside a true one, and the slow loop looks at the bytes one by one anyway.
            let special =
                (word &- (ones &* 0x20)) | (quotes &- ones) | (backslashes &- ones) | word
            guard special & highs == 0 else { return }
            offset += 8
        }
    }

    private mutating func escape() throws(JSONSyntaxError) {
        guard offset + 1 < text.count else {
            offset = text.count
            throw failure(.unexpectedEnd)
        }
        switch text[offset + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            offset += 2
        case UInt8(ascii: "u"):
            for index in offset + 2..<offset + 6 {
                guard index < text.count else {
                    offset = text.count
                    throw failure(.unexpectedEnd)
                }
                guard JSONString.hexDigit(text[index]) != nil else { throw failure(.invalidEscape) }
            }
            offset += 6
        default:
            throw failure(.invalidEscape)
        }
    }

    /// Steps over one UTF-8 sequence of two to four bytes (Unicode 15, table 3-7).
    private mutating func sequence(_ lead: UInt8) throws(JSONSyntaxError) {
        let length: Int
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: throw failure(.invalidUTF8)
        }
        guard offset + length <= text.count, second.contains(text[offset + 1]) else { throw failure(.invalidUTF8) }
        for index in offset + 2..<max(offset + 2, offset + length) where text[index] & 0xC0 != 0x80 {
            throw failure(.invalidUTF8)
        }
        offset += length
    }

    /// Steps over a number.
    mutating func number() throws(JSONSyntaxError) -> JSONSlice {
        let start = offset
        if text[offset] == UInt8(ascii: "-") { offset += 1 }
        let whole = digits()
        guard whole > 0 else { throw incompleteNumber() }
        if whole > 1, text[offset - whole] == UInt8(ascii: "0") {
            offset -= whole
            throw failure(.invalidNumber)
        }
        if offset < text.count, text[offset] == UInt8(ascii: ".") {
            offset += 1
            guard digits() > 0 else { throw incompleteNumber() }
        }
        if offset < text.count, text[offset] | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < text.count, text[offset] == UInt8(ascii: "+") || text[offset] == UInt8(ascii: "-") {
                offset += 1
            }
            guard digits() > 0 else { throw incompleteNumber() }
        }
        return JSONSlice(kind: .number, range: start..<offset)
    }

    private mutating func digits() -> Int {
        let start = offset
        while offset < text.count, text[offset] &- UInt8(ascii: "0") < 10 { offset += 1 }
        return offset - start
    }

    private func incompleteNumber() -> JSONSyntaxError {
        failure(offset < text.count ? .invalidNumber : .unexpectedEnd)
    }
}
