/// A JSON value that loses nothing which JSON gives meaning to: members keep their order and repetitions, numbers
/// their text.
///
/// Two values are equal when their members are equal in the same order and their numbers have the same text.
public enum JSONValue: Hashable, Sendable {
    /// A member of an object.
    public struct Member: Hashable, Sendable {
        /// The decoded name.
        public var name: String
        /// The value.
        public var value: JSONValue

        /// Creates a member.
        public init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number's text, as it was written: `1.10`, `12345678901234567890`.
    case number(String)
    /// A string. An escape of half a surrogate pair is U+FFFD.
    case string(String)
    /// An array.
    case array([JSONValue])
    /// An object's members in order.
    case object([Member])

    /// The first member of an object with this name, compared byte for byte.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// An element of an array; nil where there is none.
    public subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The string, where the value is one.
    public var string: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The members, where the value is an object.
    public var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    /// The elements, where the value is an array.
    public var elements: [JSONValue]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    /// The number, where the value is one that an `Int` can hold.
    public var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }
}
