/// What the simulated API was asked for.
public struct SimulatorCounters: Sendable {
    /// Calls for one integration, whatever was answered.
    public internal(set) var lookups = 0
    /// Calls for the listing.
    public internal(set) var listings = 0
    /// Answers by status; calls that got none are not among them.
    public internal(set) var byStatus: [Int: Int] = [:]
    /// Calls for each id, where ``SimulatorConfiguration/countsEachID`` is set.
    public internal(set) var byID: [String: Int] = [:]
}
