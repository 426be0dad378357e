@testable import IntegrationBridge

/// Generates JSON texts in odd but legal spellings, from a seed.
struct JSONTextGenerator {
    var random: SplitMix64

    init(seed: Int) {
        random = SplitMix64(seed: UInt64(seed))
    }

    private mutating func pick(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &random) }

    mutating func space() -> String {
        ["", "", "", " ", "\n", "\t ", "\r\n"][pick(7)]
    }

    /// Text of one to `length` characters, none of them a control character.
    mutating func text(_ length: Int) -> String {
        let alphabet: [Character] = [
            "a", "Z", "0", "-", "_", "~", "/", "\\", "\"", "é", "ß", "漢", "😀", "\u{10FFFF}", "%", " ",
        ]
        return String((0..<(1 + pick(length))).map { _ in alphabet[pick(alphabet.count)] })
    }

    /// A JSON string of the text, each character plain or escaped at will.
    mutating func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            let mustEscape = scalar == "\"" || scalar == "\\" || scalar.value < 0x20
            switch pick(6) {
            case 0: for unit in String(scalar).utf16 { result += "\\u" + hex(unit, upper: pick(2) == 0) }
            case 1 where scalar == "/": result += "\\/"
            default:
                if scalar == "\"" {
                    result += "\\\""
                } else if scalar == "\\" {
                    result += "\\\\"
                } else if mustEscape {
                    for unit in String(scalar).utf16 { result += "\\u" + hex(unit, upper: false) }
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result + "\""
    }

    private func hex(_ unit: UInt16, upper: Bool) -> String {
        let digits = String(unit, radix: 16, uppercase: upper)
        return String(repeating: "0", count: 4 - digits.count) + digits
    }

    mutating func value(depth: Int) -> String {
        switch pick(depth > 0 ? 8 : 6) {
        case 0: return "null"
        case 1: return pick(2) == 0 ? "true" : "false"
        case 2: return ["0", "-0", "12", "-3.5", "1e9", "1E+2", "0.10", "12345678901234567890"][pick(8)]
        case 3, 4, 5: return quoted(text(6))
        case 6:
            return "[" + space() + (0..<pick(4)).map { _ in value(depth: depth - 1) }.joined(separator: space() + ",")
                + space() + "]"
        default: return object(depth: depth - 1, extra: [])
        }
    }

    /// An object of random members, the given ones among them in their order.
    mutating func object(depth: Int, extra: [String]) -> String {
        var members = (0..<pick(5)).map { number in
            quoted("m\(number)" + text(3)) + space() + ":" + space() + value(depth: depth)
        }
        var position = 0
        for member in extra {
            position = Int.random(in: position...members.count, using: &random)
            members.insert(member, at: position)
            position += 1
        }
        return "{" + space() + members.joined(separator: space() + "," + space()) + space() + "}"
    }
}
