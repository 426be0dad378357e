/// Names one flight; a number that is used again has another generation.
struct FlightID: Hashable, Sendable {
    var slot: Int
    var generation: UInt32
}
