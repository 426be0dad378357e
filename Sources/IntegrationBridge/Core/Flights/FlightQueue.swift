/// Flights in the order of their turn. Entries may be out of date, so the queue counts those that are not.
///
/// A flight that ends before its turn only leaves the count: its entry is passed over later.
struct FlightQueue: Sendable {
    private var entries = RingQueue<FlightID>()
    /// Flights whose turn is to come.
    private(set) var count = 0

    mutating func join(_ flight: FlightID, first: Bool) {
        if first { entries.prepend(flight) } else { entries.append(flight) }
        count += 1
    }

    /// A flight of this queue will not take its turn.
    mutating func leave() {
        count -= 1
        // No flight left: what is in the queue is out of date.
        if count == 0 { entries.removeAll() }
    }

    /// Takes the first entry, which may be out of date; where it is not, ``leave()`` follows.
    mutating func popEntry() -> FlightID? { entries.popFirst() }
}
