extension BridgeConfiguration {
    /// What is remembered of the API's answers.
    public struct Cache: Sendable, Equatable {
        /// Bytes at most; 0 turns the cache off. Default: 32 MiB.
        public var maxBytes = 32 * 1_024 * 1_024
        /// How long an integration is good; 0 turns it off. Default: 5 min.
        public var ttl = Duration.seconds(300)
        /// How long "not found" and "forbidden" are good; 0 turns it off. Default: 30 s.
        public var negativeTTL = Duration.seconds(30)
        /// Time past the TTL in which an old answer is given while a new one is fetched. Default: 1 min.
        public var staleWhileRevalidate = Duration.seconds(60)
        /// Time past the TTL in which an old answer is given while the API fails. Default: 1 h.
        public var staleIfError = Duration.seconds(3_600)

        /// Creates the defaults.
        public init() {}
    }
}
