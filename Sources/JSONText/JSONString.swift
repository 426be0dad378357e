/// The strings of a text that has been validated.
///
/// An escape of half a surrogate pair, which RFC 8259's grammar allows and no Unicode text can hold, decodes to U+FFFD.
@usableFromInline
package enum JSONString {
    /// Whether the string has escapes; where not, its bytes between the quotes are its content.
    @inlinable
    package static func hasEscapes(_ slice: JSONSlice, in text: UnsafeRawBufferPointer) -> Bool {
        slice.hasEscapes
    }

    /// The bytes between the quotes, escapes as they are.
    @inlinable
    package static func content(_ slice: JSONSlice, in text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard case .string = slice.kind, let start = text.baseAddress else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(
            start: start + (slice.range.lowerBound &+ 1), count: slice.range.upperBound &- slice.range.lowerBound &- 2)
    }

    /// The string.
    package static func decode(_ slice: JSONSlice, in text: UnsafeRawBufferPointer) -> String {
        guard slice.hasEscapes else { return String(decoding: content(slice, in: text), as: UTF8.self) }
        var bytes: [UInt8] = []
        copy(slice, in: text, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the decoded string's UTF-8.
    ///
    /// - Returns: false where half a surrogate pair was replaced by U+FFFD.
    @discardableResult
    package static func copy(
        _ slice: JSONSlice, in text: UnsafeRawBufferPointer, into bytes: inout [UInt8]
    ) -> Bool {
        let raw = content(slice, in: text)
        guard slice.hasEscapes else {
            bytes.append(contentsOf: raw)
            return true
        }
        bytes.reserveCapacity(bytes.count + raw.count)
        var whole = true
        decode(raw) { byte in
            bytes.append(byte); return true
        } onReplacement: {
            whole = false
        }
        return whole
    }

    /// Whether the decoded string is these bytes of UTF-8.
    package static func equals(
        _ slice: JSONSlice, in text: UnsafeRawBufferPointer, utf8 expected: [UInt8]
    ) -> Bool {
        expected.withUnsafeBytes { equals(slice, in: text, utf8: $0) }
    }

    /// Whether the decoded string is these bytes of UTF-8.
    @inlinable
    @inline(__always)
    package static func equals(
        _ slice: JSONSlice, in text: UnsafeRawBufferPointer, utf8 expected: UnsafeRawBufferPointer
    ) -> Bool {
        guard case .string = slice.kind else { return false }
        if slice.hasEscapes { return decodedEquals(slice, in: text, utf8: expected) }
        return content(slice, in: text).hasSameBytes(as: expected)
    }

    /// Whether the decoded string is this one, byte for byte.
    @inlinable
    @inline(__always)
    package static func equals(
        _ slice: JSONSlice, in text: UnsafeRawBufferPointer, _ expected: StaticString
    ) -> Bool {
        equals(
            slice, in: text,
            utf8: UnsafeRawBufferPointer(start: expected.utf8Start, count: expected.utf8CodeUnitCount))
    }

    @usableFromInline
    @inline(never)
    static func decodedEquals(
        _ slice: JSONSlice, in text: UnsafeRawBufferPointer, utf8 expected: UnsafeRawBufferPointer
    ) -> Bool {
        var index = 0
        let complete = decode(content(slice, in: text)) { byte in
            guard index < expected.count, expected[index] == byte else { return false }
            index += 1
            return true
        } onReplacement: {
        }
        return complete && index == expected.count
    }

    /// The value of a hexadecimal digit.
    static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a") + 10)
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A") + 10)
        default: nil
        }
    }

    /// Gives the decoded bytes one by one until `emit` returns false.
    @discardableResult
    private static func decode(
        _ raw: UnsafeRawBufferPointer, _ emit: (UInt8) -> Bool, onReplacement: () -> Void
    ) -> Bool {
        var index = 0
        while index < raw.count {
            let byte = raw[index]
            guard byte == UInt8(ascii: "\\"), index + 1 < raw.count else {
                guard emit(byte) else { return false }
                index += 1
                continue
            }
            let letter = raw[index + 1]
            guard letter == UInt8(ascii: "u") else {
                guard emit(plainEscape(letter)) else { return false }
                index += 2
                continue
            }
            var unit = codeUnit(raw, at: index + 2)
            index += 6
            if unit & 0xFC00 == 0xD800, index + 6 <= raw.count, raw[index] == UInt8(ascii: "\\"),
                raw[index + 1] == UInt8(ascii: "u")
            {
                let low = codeUnit(raw, at: index + 2)
                if low & 0xFC00 == 0xDC00 {
                    unit = 0x10000 + ((unit & 0x3FF) << 10) + (low & 0x3FF)
                    index += 6
                }
            }
            if Unicode.Scalar(unit) == nil { onReplacement() }
            for encoded in UTF8.encode(Unicode.Scalar(unit) ?? "\u{FFFD}") ?? UTF8.encodedReplacementCharacter {
                guard emit(encoded) else { return false }
            }
        }
        return true
    }

    private static func codeUnit(_ raw: UnsafeRawBufferPointer, at start: Int) -> UInt32 {
        guard start + 4 <= raw.count else { return 0xFFFD }
        return raw[start..<start + 4].reduce(0) { ($0 << 4) | (hexDigit($1) ?? 0) }
    }

    private static func plainEscape(_ letter: UInt8) -> UInt8 {
        switch letter {
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: letter
        }
    }
}
