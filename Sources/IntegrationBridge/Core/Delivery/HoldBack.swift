/// Results of one assignment of a partition, let out in the order of its records.
///
/// A result that comes before its turn is held. Where a record is given up, nothing behind it goes out any more: whoever
/// reads it again will produce what follows, too.
struct HoldBack<Element: Sendable>: Sendable {
    /// What to do with a result.
    enum Turn: Hashable, Sendable {
        /// It is the next one: produce it, then say ``letOut()``.
        case now
        /// An earlier record has no result yet.
        case later
        /// An earlier record was given up: this one is given up, too.
        case never
    }

    private struct Held: Sendable {
        var element: Element
        var bytes: Int
    }

    /// The sequence number of the record whose result goes out next.
    private(set) var next: UInt64 = 0
    private(set) var heldBytes = 0
    private var held: [UInt64: Held] = [:]
    /// The first record that was given up.
    private var end: UInt64 = .max

    /// Whether the next result is held, and could go out.
    var hasNext: Bool { held[next] != nil }

    func isHeld(_ sequence: UInt64) -> Bool { held[sequence] != nil }

    func turn(of sequence: UInt64) -> Turn {
        if sequence >= end { return .never }
        return sequence == next ? .now : .later
    }

    /// Keeps a result until its turn.
    mutating func hold(_ element: Element, bytes: Int, sequence: UInt64) {
        held[sequence] = Held(element: element, bytes: bytes)
        heldBytes += bytes
    }

    /// The next result, where it is held; it stays until ``letOut()``.
    var first: Element? { held[next]?.element }

    /// The next result has gone out.
    ///
    /// - Returns: the bytes that it was held with.
    @discardableResult
    mutating func letOut() -> Int {
        let bytes = held.removeValue(forKey: next)?.bytes ?? 0
        heldBytes -= bytes
        next += 1
        return bytes
    }

    /// A record is given up, and with it every held result behind it.
    ///
    /// - Returns: the sequence numbers of those, and the bytes that they were held with.
    mutating func giveUp(from sequence: UInt64) -> (sequences: [UInt64], bytes: Int) {
        end = min(end, sequence)
        let dropped = held.keys.filter { $0 >= end }.sorted()
        var bytes = 0
        for sequence in dropped { bytes += held.removeValue(forKey: sequence)?.bytes ?? 0 }
        heldBytes -= bytes
        return (dropped, bytes)
    }
}
