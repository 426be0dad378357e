extension JSONValue: CustomStringConvertible {
    /// The value as compact JSON.
    public var description: String {
        String(decoding: bytes, as: UTF8.self)
    }

    /// The value as compact JSON in UTF-8.
    public var bytes: [UInt8] {
        var writer = ByteWriter()
        write(to: &writer)
        return writer.bytes()
    }

    /// The value over several lines, two spaces to a level.
    ///
    /// - Parameter colored: whether ANSI colour sequences mark names and values; false by default.
    public func formatted(colored: Bool = false) -> String {
        var writer = ByteWriter()
        write(to: &writer, level: 0, colored: colored)
        return String(decoding: writer.bytes(), as: UTF8.self)
    }

    /// Appends the value as compact JSON.
    package func write(to writer: inout ByteWriter) {
        switch self {
        case .null, .bool, .number, .string:
            writeScalar(to: &writer)
        case .array(let elements):
            writer.append("[")
            for (index, element) in elements.enumerated() {
                if index > 0 { writer.append(",") }
                element.write(to: &writer)
            }
            writer.append("]")
        case .object(let members):
            writer.append("{")
            for (index, member) in members.enumerated() {
                if index > 0 { writer.append(",") }
                writer.append(jsonString: member.name)
                writer.append(":")
                member.value.write(to: &writer)
            }
            writer.append("}")
        }
    }

    private func writeScalar(to writer: inout ByteWriter) {
        switch self {
        case .bool(true): writer.append("true")
        case .bool(false): writer.append("false")
        case .number(let text): writer.append(utf8: text)
        case .string(let text): writer.append(jsonString: text)
        default: writer.append("null")
        }
    }

    private func write(to writer: inout ByteWriter, level: Int, colored: Bool) {
        switch self {
        case .array(let elements) where !elements.isEmpty:
            writer.append("[")
            for (index, element) in elements.enumerated() {
                Self.newLine(&writer, level + 1, comma: index > 0)
                element.write(to: &writer, level: level + 1, colored: colored)
            }
            Self.newLine(&writer, level, comma: false)
            writer.append("]")
        case .object(let members) where !members.isEmpty:
            writer.append("{")
            for (index, member) in members.enumerated() {
                Self.newLine(&writer, level + 1, comma: index > 0)
                if colored { writer.append("\u{1B}[34m") }
                writer.append(jsonString: member.name)
                if colored { writer.append("\u{1B}[0m") }
                writer.append(": ")
                member.value.write(to: &writer, level: level + 1, colored: colored)
            }
            Self.newLine(&writer, level, comma: false)
            writer.append("}")
        case .array, .object:
            write(to: &writer)
        default:
            if colored, case .string = self {
                writer.append("\u{1B}[32m")
            } else if colored {
                writer.append("\u{1B}[33m")
            }
            writeScalar(to: &writer)
            if colored { writer.append("\u{1B}[0m") }
        }
    }

    private static func newLine(_ writer: inout ByteWriter, _ level: Int, comma: Bool) {
        if comma { writer.append(",") }
        writer.append("\n")
        for _ in 0..<level { writer.append("  ") }
    }
}
