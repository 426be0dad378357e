extension JSONCursor {
    /// Steps over a number.
    mutating func number() throws(JSONSyntaxError) -> JSONSlice {
        let first = offset
        if byte(at: offset) == UInt8(ascii: "-") { offset += 1 }
        let whole = digits()
        guard whole > 0 else { throw incompleteNumber() }
        if whole > 1, byte(at: offset - whole) == UInt8(ascii: "0") {
            offset -= whole
            throw failure(.invalidNumber)
        }
        if offset < count, byte(at: offset) == UInt8(ascii: ".") {
            offset += 1
            guard digits() > 0 else { throw incompleteNumber() }
        }
        if offset < count, byte(at: offset) | 0x20 == UInt8(ascii: "e") {
            offset += 1
            if offset < count, byte(at: offset) == UInt8(ascii: "+") || byte(at: offset) == UInt8(ascii: "-") {
                offset += 1
            }
            guard digits() > 0 else { throw incompleteNumber() }
        }
        return slice(.number, from: first)
    }

    private mutating func digits() -> Int {
        let first = offset
        while offset < count, byte(at: offset) &- UInt8(ascii: "0") < 10 { offset += 1 }
        return offset - first
    }

    private func incompleteNumber() -> JSONSyntaxError {
        failure(offset < count ? .invalidNumber : .unexpectedEnd)
    }
}
