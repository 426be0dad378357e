extension BridgeConfiguration {
    /// Backfills. Accepted, but without effect yet.
    public struct Replay: Sendable, Equatable {
        /// The share of the API's rate that a replay may spend, above 0 and up to 1. Default: 0.5.
        public var quotaShare = 0.5

        /// Creates the defaults.
        public init() {}
    }
}
