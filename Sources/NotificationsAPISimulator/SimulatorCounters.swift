/// What the simulated API was asked for.
public struct SimulatorCounters: Sendable {
    /// A finished window of the rate limit.
    public struct Window: Sendable, Hashable {
        /// Calls that were permitted in it.
        public var used: Int
        /// Calls that it permits.
        public var limit: Int
        /// Calls that got 429 for the rate.
        public var refused = 0
        /// Calls that were permitted, by caller, where ``SimulatorConfiguration/countsEachCaller`` is set.
        public var byCaller: [String: Int] = [:]
    }

    /// Calls for one integration, whatever was answered.
    public internal(set) var lookups = 0
    /// Calls for the listing.
    public internal(set) var listings = 0
    /// Calls for one integration and for the listing.
    public var calls: Int { lookups + listings }
    /// Calls for a token, whatever was answered.
    public internal(set) var exchanges = 0
    /// Tokens that were issued.
    public internal(set) var tokensIssued = 0
    /// 429s for the rate; not those that an id orders.
    public internal(set) var rateLimited = 0
    /// 429s for the number of calls under way.
    public internal(set) var concurrencyLimited = 0
    /// Answers by status; calls that got none are not among them.
    public internal(set) var byStatus: [Int: Int] = [:]
    /// Calls for each id, where ``SimulatorConfiguration/countsEachID`` is set.
    public internal(set) var byID: [String: Int] = [:]
    /// Calls for an integration by caller, where ``SimulatorConfiguration/countsEachCaller`` is set; those of ids without
    /// a `.` under the empty name.
    public internal(set) var byCaller: [String: Int] = [:]
    /// How much of the limit was used in each finished window, whatever kind of limit it is: the last 10,000. A window in
    /// which the limit changed is left out.
    public internal(set) var windows: [Window] = []
}
