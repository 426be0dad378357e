internal import JSONText

/// What one line of input, or one operand, asks to send.
enum RequestLine {
    /// A line that holds nothing to send.
    enum Problem: Error, Equatable {
        case notUTF8
        case notAnID(String)
        case notAnObject
        case syntax(String)

        var message: String {
            switch self {
            case .notUTF8: "is not UTF-8"
            case .notAnID(let reason): "is no integration id: \(reason)"
            case .notAnObject: "is JSON but no object; give a bare id or an object"
            case .syntax(let reason): "is no JSON object: \(reason)"
            }
        }
    }

    /// The value to send for a line of a file; nil for an empty one.
    static func value(of line: UnsafeRawBufferPointer) throws(Problem) -> [UInt8]? {
        let trimmed = trim(line)
        guard let first = trimmed.first else { return nil }
        switch first {
        case UInt8(ascii: "{"):
            do throws(JSONSyntaxError) {
                _ = try JSONScanner.validate(trimmed)
            } catch {
                throw .syntax("\(error)")
            }
            return Array(trimmed)
        case UInt8(ascii: "["), UInt8(ascii: "\""):
            throw .notAnObject
        default:
            guard let id = String(validating: trimmed, as: UTF8.self) else { throw .notUTF8 }
            return try value(ofID: id)
        }
    }

    /// `{"integration_id":"..."}`.
    static func value(ofID id: String) throws(Problem) -> [UInt8] {
        let scalars = id.unicodeScalars
        guard !scalars.isEmpty else { throw .notAnID("it is empty") }
        guard scalars.count <= 255 else { throw .notAnID("it is longer than 255 characters") }
        guard id != ".", id != ".." else { throw .notAnID("no URL can carry it") }
        let hasGap = scalars.contains { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
        guard !hasGap else { throw .notAnID("it holds white space or a control character") }
        return JSONValue.object([.init("integration_id", .string(id))]).bytes
    }

    private static func trim(_ line: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }
        guard let start = line.firstIndex(where: { !isSpace($0) }),
            let end = line.lastIndex(where: { !isSpace($0) })
        else { return UnsafeRawBufferPointer(rebasing: line[..<0]) }
        return UnsafeRawBufferPointer(rebasing: line[start...end])
    }
}
