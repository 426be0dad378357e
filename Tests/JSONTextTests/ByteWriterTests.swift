import Foundation
import JSONText
import Testing

@Suite("Byte writer")
struct ByteWriterTests {
    private func text(_ body: (inout ByteWriter) -> Void) -> String {
        var writer = ByteWriter(minimumCapacity: 0)
        body(&writer)
        return String(decoding: writer.bytes(), as: UTF8.self)
    }

    @Test("Integers are written in decimal, at the ends of their range too")
    func decimals() {
        var random = SplitMix64(seed: 1)
        var numbers: [Int64] = [0, 1, -1, 9, 10, -10, .max, .min, .max - 1, .min + 1]
        for _ in 0..<1000 {
            numbers.append(Int64(truncatingIfNeeded: random.next()) >> Int64(random.next() % 64))
        }
        for number in numbers { #expect(text { $0.append(decimal: number) } == "\(number)") }
    }

    @Test("Base64 of every length agrees with Foundation's")
    func base64() {
        var random = SplitMix64(seed: 2)
        for count in 0..<200 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let written = text { writer in bytes.withUnsafeBytes { writer.append(base64: $0) } }
            #expect(written == Data(bytes).base64EncodedString())
        }
    }

    @Test("What is appended stays as it was while the writer grows, and is forgotten only when told")
    func growth() {
        var random = SplitMix64(seed: 3)
        var writer = ByteWriter(minimumCapacity: 1)
        var expected: [UInt8] = []
        for step in 0..<3000 {
            switch random.next() % 5 {
            case 0:
                writer.append(byte: UInt8(truncatingIfNeeded: step))
                expected.append(UInt8(truncatingIfNeeded: step))
            case 1:
                let run = [UInt8](
                    repeating: UInt8(truncatingIfNeeded: step), count: Int(random.next() % 300))
                writer.append(run)
                expected += run
            case 2:
                writer.append(utf8: "é\(step)")
                expected += Array("é\(step)".utf8)
            case 3:
                writer.append("static é")
                expected += Array("static é".utf8)
            default:
                let kept = expected.count - Int(random.next() % 20)
                writer.truncate(to: kept)
                expected.removeLast(min(expected.count, expected.count - max(0, kept)))
            }
            #expect(writer.count == expected.count)
        }
        #expect(writer.bytes() == expected)
        writer.truncate(to: .max)
        #expect(writer.count == expected.count)
        writer.truncate(to: -1)
        #expect(writer.count == 0)
        writer.append("again")
        writer.removeAll()
        #expect(writer.bytes() == [])
    }

    @Test(
        "Every control character, quote and backslash is escaped, in the short form where JSON has one")
    func escapes() throws {
        let all = String(String.UnicodeScalarView((0..<0x80).compactMap { Unicode.Scalar(UInt32($0)) }))
        let written = text { $0.append(jsonString: all + "é😀") }
        #expect(
            written.hasPrefix(
                #""\u0000\u0001\u0002\u0003\u0004\u0005\u0006\u0007\b\t\n\u000b\f\r\u000e\u000f"#))
        #expect(written.contains(##"\u001f !\"#$"##))
        #expect(written.contains(##"[\\]"##))
        #expect(written.hasSuffix("\u{7F}é😀\""))
        #expect(try JSONValue(parsing: written) == .string(all + "é😀"))
        #expect(text { $0.append(jsonString: "") } == "\"\"")
    }
}
