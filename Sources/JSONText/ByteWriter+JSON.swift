extension ByteWriter {
    /// Appends a JSON string with its quotes.
    ///
    /// - Parameter content: UTF-8, which the caller has checked.
    package mutating func append(jsonString content: UnsafeRawBufferPointer) {
        reserve(content.count + 2)
        append(byte: UInt8(ascii: "\""))
        if let text = content.baseAddress {
            var start = 0
            while start < content.count {
                let end = text.endOfUnescaped(from: start, count: content.count)
                append(UnsafeRawBufferPointer(start: text + start, count: end - start))
                if end < content.count { appendEscape(of: content[end]) }
                start = end + 1
            }
        }
        append(byte: UInt8(ascii: "\""))
    }

    /// Appends a JSON string with its quotes.
    package mutating func append(jsonString content: String) {
        var content = content
        content.withUTF8 { append(jsonString: UnsafeRawBufferPointer($0)) }
    }

    /// Appends base64 (RFC 4648, 4) with padding, without quotes.
    package mutating func append(base64 content: UnsafeRawBufferPointer) {
        reserve((content.count + 2) / 3 * 4)
        let alphabet: StaticString = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        var index = 0
        while index < content.count {
            let available = min(3, content.count - index)
            let first = UInt32(content[index]) << 16
            let second = available > 1 ? UInt32(content[index + 1]) << 8 : 0
            let third = available > 2 ? UInt32(content[index + 2]) : 0
            let group = first | second | third
            for place in 0..<4 {
                if place <= available {
                    append(byte: alphabet.utf8Start[Int(group >> UInt32(18 - 6 * place)) & 63])
                } else {
                    append(byte: UInt8(ascii: "="))
                }
            }
            index += 3
        }
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(byte: UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(byte: UInt8(ascii: "b"))
        case 0x09: append(byte: UInt8(ascii: "t"))
        case 0x0A: append(byte: UInt8(ascii: "n"))
        case 0x0C: append(byte: UInt8(ascii: "f"))
        case 0x0D: append(byte: UInt8(ascii: "r"))
        case 0..<0x20:
            let digits: StaticString = "0123456789abcdef"
            append("u00")
            append(byte: digits.utf8Start[Int(byte >> 4)])
            append(byte: digits.utf8Start[Int(byte & 15)])
        default: append(byte: byte)
        }
    }
}
