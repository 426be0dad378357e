/// A record that waits for a flight.
protocol FlightWaiter: Sendable {
    /// The assignment of the record's partition.
    var assignment: UInt32 { get }
    /// The bytes that it keeps in memory.
    var heldBytes: Int { get }
}
