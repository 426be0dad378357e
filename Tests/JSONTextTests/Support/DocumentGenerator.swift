import JSONText

/// Makes values, and texts of them in any legal spelling, from a seed.
struct DocumentGenerator {
    var random: SplitMix64

    init(seed: Int) {
        random = SplitMix64(seed: seed)
    }

    mutating func pick(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    /// A value without repeated names; of depth 0 a scalar.
    mutating func value(depth: Int) -> JSONValue {
        switch pick(depth > 0 ? 10 : 5) {
        case 0: return .null
        case 1: return .bool(pick(2) == 0)
        case 2: return .number(number())
        case 3, 4: return .string(string(12))
        case 5, 6: return .array((0..<pick(5)).map { _ in value(depth: depth - 1) })
        default: return object(depth: depth)
        }
    }

    mutating func object(depth: Int) -> JSONValue {
        // Numbered names differ also for a parser that normalizes Unicode.
        .object((0..<pick(6)).map { .init("\(string(4))\($0)", value(depth: depth - 1)) })
    }

    mutating func number() -> String {
        var text = pick(3) == 0 ? "-" : ""
        text += pick(4) == 0 ? "0" : "\(1 + pick(9))" + digits(pick(12))
        if pick(3) == 0 { text += "." + digits(1 + pick(5)) }
        if pick(4) == 0 { text += ["e", "E"][pick(2)] + ["", "+", "-"][pick(3)] + "\(pick(40))" }
        return text
    }

    private mutating func digits(_ count: Int) -> String {
        (0..<count).reduce(into: "") { text, _ in text += "\(pick(10))" }
    }

    /// A string of any Unicode scalars, with those that JSON treats specially more often.
    mutating func string(_ length: Int) -> String {
        let special: [Unicode.Scalar] = [
            "\"", "\\", "/", "\n", "\t", "\u{8}", "\u{c}", "\r", "\0", "\u{1f}", "\u{7f}",
        ]
        var text = String.UnicodeScalarView()
        for _ in 0..<pick(length + 1) {
            switch pick(8) {
            case 0: text.append(special[pick(special.count)])
            case 1: text.append(scalar(below: 0x800))
            case 2: text.append(scalar(below: 0x10000))
            case 3: text.append(scalar(below: 0x110000))
            default: text.append(Unicode.Scalar(UInt8(0x20 + pick(0x5F))))
            }
        }
        return String(text)
    }

    private mutating func scalar(below bound: Int) -> Unicode.Scalar {
        Unicode.Scalar(UInt32(pick(bound))) ?? "\u{FFFD}"
    }

    /// A legal text of a value: white space and escapes at will.
    mutating func text(_ value: JSONValue) -> String {
        space() + bare(value) + space()
    }

    /// A legal text of a value without white space around it.
    mutating func bare(_ value: JSONValue) -> String {
        switch value {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .number(let text): return text
        case .string(let text): return quoted(text)
        case .array(let elements):
            return elements.isEmpty
                ? "[" + space() + "]" : "[" + elements.map { text($0) }.joined(separator: ",") + "]"
        case .object(let members):
            let parts = members.map { space() + quoted($0.name) + space() + ":" + text($0.value) }
            return parts.isEmpty ? "{" + space() + "}" : "{" + parts.joined(separator: ",") + "}"
        }
    }

    private mutating func space() -> String {
        ["", "", "", "", " ", "\n", "\r\n\t"][pick(7)]
    }

    private mutating func quoted(_ text: String) -> String {
        let short: [Unicode.Scalar: String] = [
            "\"": #"\""#, "\\": #"\\"#, "/": #"\/"#, "\u{8}": #"\b"#, "\u{c}": #"\f"#, "\n": #"\n"#,
            "\r": #"\r"#,
            "\t": #"\t"#,
        ]
        var result = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar.value < 0x20 || scalar == "\"" || scalar == "\\"
            switch pick(mustEscape ? 2 : 12) {
            case 0:
                for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                    result += escape(unit)
                }
            case 1:
                result += short[scalar] ?? (mustEscape ? escape(UInt16(scalar.value)) : String(scalar))
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private mutating func escape(_ unit: UInt16) -> String {
        let digits = String(unit, radix: 16, uppercase: pick(2) == 0)
        return #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
    }
}
