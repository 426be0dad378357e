import JSONText
import Testing

/// Strings are looked at sixteen bytes at a time, and what is left of a text otherwise: every length, every place.
@Suite("Strings of every length")
struct StringBoundaryTests {
    private static let quote = UInt8(ascii: "\"")

    private func error(of text: [UInt8]) -> JSONSyntaxError? {
        text.withUnsafeBytes { text in
            do throws(JSONSyntaxError) {
                _ = try JSONScanner.validate(text)
                return nil
            } catch {
                return error
            }
        }
    }

    @Test("A string ends at its quote, however long it is and whatever comes behind it")
    func ends() throws {
        for length in 0..<50 {
            for behind in 0..<20 {
                let string = [Self.quote] + [UInt8](repeating: 0x78, count: length) + [Self.quote]
                let text = string + [UInt8](repeating: 0x20, count: behind)
                let slice = try text.withUnsafeBytes { try JSONScanner.validate($0) }
                #expect(slice.range == 0..<length + 2, "\(length) bytes, \(behind) behind it")
                let cut = error(of: Array(text[..<(length + 1)]))
                #expect(cut?.reason == .unexpectedEnd && cut?.offset == length + 1, "\(length) bytes")
            }
        }
    }

    @Test("Every byte that a string cannot hold is refused at every place, and no other is")
    func refuses() {
        let bytes: [UInt8] = [
            0x00, 0x01, 0x1F, 0x20, 0x21, 0x22, 0x23, 0x5B, 0x5C, 0x5D, 0x7E, 0x7F, 0x80, 0xA2, 0xC3, 0xDC, 0xFF,
        ]
        for length in 1..<36 {
            for place in 1...length {
                for byte in bytes {
                    var text = [Self.quote] + [UInt8](repeating: 0x78, count: length) + [Self.quote]
                    text[place] = byte
                    let expected: (reason: JSONSyntaxError.Reason, offset: Int)? =
                        switch byte {
                        case 0..<0x20: (.controlCharacter, place)
                        case Self.quote: (.trailingBytes, place + 1)
                        case 0x5C where place == length: (.unexpectedEnd, length + 2)
                        case 0x5C: (.invalidEscape, place)
                        case 0x80...: (.invalidUTF8, place)
                        default: nil
                        }
                    let error = error(of: text)
                    #expect(
                        error?.reason == expected?.reason && error?.offset == expected?.offset,
                        "\(byte) at \(place) of \(length)")
                }
            }
        }
    }

    @Test("Escapes and characters of every length are written and read at every place")
    func reads() throws {
        for length in 0..<36 {
            for place in 0...length {
                for part in ["\n", "\"", "\\", "\u{0}", "\u{7F}", "é", "漢字", "😀", "é\"漢"] {
                    let rest = String(repeating: "y", count: length - place)
                    let string = String(repeating: "x", count: place) + part + rest
                    var writer = ByteWriter(minimumCapacity: 0)
                    writer.append(jsonString: string)
                    let read = try JSONValue(parsing: writer.bytes())
                    #expect(read == .string(string), "\(part.debugDescription) at \(place) of \(length)")
                }
            }
        }
    }

    @Test("Bytes are the same only where each of them is")
    func comparesBytes() {
        for count in 0..<40 {
            let bytes = (0..<count).map { UInt8($0) }
            let same = bytes + []
            bytes.withUnsafeBytes { text in
                #expect(same.withUnsafeBytes { text.hasSameBytes(as: $0) }, "\(count) bytes")
                for place in 0..<count {
                    var other = bytes
                    other[place] ^= 0x80
                    #expect(!other.withUnsafeBytes { text.hasSameBytes(as: $0) }, "\(place) of \(count)")
                    let shorter = UnsafeRawBufferPointer(rebasing: text[..<place])
                    #expect(!text.hasSameBytes(as: shorter) && !shorter.hasSameBytes(as: text), "\(place) of \(count)")
                }
            }
        }
    }
}
