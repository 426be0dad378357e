/// Lists as one text: items between commas, `\,` for a comma within an item; any other backslash is itself.
package enum ListText {
    /// The items, without the white space around them; empty ones are left out.
    package static func items(_ text: String) -> [String] {
        var items: [String] = []
        var item = ""
        var rest = text.unicodeScalars[...]
        while let scalar = rest.popFirst() {
            if scalar == "\\", rest.first == "," {
                item.unicodeScalars.append(",")
                rest.removeFirst()
            } else if scalar == "," {
                items.append(item[...].trimmedOfSpaces)
                item = ""
            } else {
                item.unicodeScalars.append(scalar)
            }
        }
        items.append(item[...].trimmedOfSpaces)
        return items.filter { !$0.isEmpty }
    }

    /// One text of the items.
    package static func text(_ items: [String]) -> String {
        items.map { item in
            item.split(separator: ",", omittingEmptySubsequences: false).joined(separator: "\\,")
        }.joined(separator: ",")
    }
}
