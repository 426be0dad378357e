/// Finds the name that a mistyped one was meant to be.
package enum NearestName {
    /// The candidate with the least edit distance, case aside; nil where none is near enough to be meant.
    package static func of(_ name: String, among candidates: [String]) -> String? {
        let typed = Array(name.lowercased())
        // What is very long was not mistyped, and the distance costs the product of the lengths.
        guard typed.count <= 100 else { return nil }
        let nearest =
            candidates
            .map { (name: $0, distance: distance(typed, Array($0.lowercased()))) }
            .min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= max(2, max(typed.count, nearest.name.count) / 2) else { return nil }
        return nearest.name
    }

    private static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var previous = Array(0...right.count)
        for (row, character) in left.enumerated() {
            var current = [row + 1]
            for (column, other) in right.enumerated() {
                let replaced = previous[column] + (character == other ? 0 : 1)
                current.append(min(replaced, previous[column + 1] + 1, current[column] + 1))
            }
            previous = current
        }
        return previous[right.count]
    }
}
