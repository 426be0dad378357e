import Foundation
import JSONText

/// What Foundation makes of a text, to compare with.
enum FoundationJSON {
    static func accepts(_ bytes: [UInt8]) -> Bool {
        (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    static func agrees(_ bytes: [UInt8], with value: JSONValue) throws -> Bool {
        same(try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed), value)
    }

    private static func same(_ left: Any, _ right: JSONValue) -> Bool {
        switch right {
        case .null: return left is NSNull
        case .bool(let value): return (left as? NSNumber)?.boolValue == value
        case .number(let text):
            guard let number = left as? NSNumber, let expected = Double(text) else { return false }
            return abs(number.doubleValue - expected) <= abs(expected) * 1e-12
        case .string(let text):
            return (left as? String).map { $0.utf8.elementsEqual(text.utf8) } ?? false
        case .array(let elements):
            guard let list = left as? [Any], list.count == elements.count else { return false }
            return zip(list, elements).allSatisfy { same($0, $1) }
        case .object(let members):
            guard let dictionary = left as? [String: Any], dictionary.count == members.count else {
                return false
            }
            return members.allSatisfy { member in
                dictionary[member.name].map { same($0, member.value) } ?? false
            }
        }
    }
}
