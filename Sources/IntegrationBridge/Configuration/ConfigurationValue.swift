/// A value as a file or a variable gives it.
package enum ConfigurationValue: Sendable, Equatable {
    /// One text. For a key that takes a list: its items between commas.
    case text(String)
    /// A list of texts.
    case list([String])

    /// The text, where it is one.
    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// The items.
    var items: [String] {
        switch self {
        case .text(let text): ListText.items(text)
        case .list(let items): items
        }
    }
}
