/// A binary heap of what is due when, the earliest first.
struct DueHeap<Element: Sendable>: Sendable {
    private var entries: [(due: MonotonicInstant, element: Element)] = []

    var earliest: MonotonicInstant? { entries.first?.due }

    mutating func insert(_ element: Element, due: MonotonicInstant) {
        entries.append((due, element))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].due < entries[parent].due else { break }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the earliest element where it is due by `now`.
    mutating func popDue(_ now: MonotonicInstant) -> Element? {
        guard let first = entries.first, first.due <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].due < entries[least].due { least = child }
            }
            guard least != parent else { break }
            entries.swapAt(parent, least)
            parent = least
        }
        return first.element
    }
}
