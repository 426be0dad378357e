/// The response fields that a transport keeps, recognized in the lines of a response as they come in.
struct KeptFields: Sendable {
    private let names: [(text: String, utf8: [UInt8])]

    /// - Parameter names: in lower case.
    init(_ names: [String]) {
        self.names = names.map { ($0, Array($0.utf8)) }
    }

    /// Reads a line `Name: value`; `nil` for a field that is not kept, and for what is no field.
    func field(in line: UnsafeRawBufferPointer) -> HTTPField? {
        for name in names where line.count > name.utf8.count && line[name.utf8.count] == UInt8(ascii: ":") {
            guard Self.startsWith(line, name.utf8) else { continue }
            var start = name.utf8.count + 1
            var end = line.count
            while start < end, Self.isSpace(line[start]) { start += 1 }
            while end > start, Self.isSpace(line[end - 1]) { end -= 1 }
            return HTTPField(
                name: name.text,
                value: String(decoding: UnsafeRawBufferPointer(rebasing: line[start..<end]), as: UTF8.self))
        }
        return nil
    }

    /// Whether the line starts with a name, in any case (RFC 9110, 5.1).
    private static func startsWith(_ line: UnsafeRawBufferPointer, _ name: [UInt8]) -> Bool {
        for index in name.indices {
            let byte = line[index]
            let lower = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte
            if lower != name[index] { return false }
        }
        return true
    }

    /// White space around a value, and the line's end.
    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x09 || byte == 0x0d || byte == 0x0a
    }
}
