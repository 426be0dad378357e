extension BridgeConfiguration {
    /// How the bridge ends.
    public struct Shutdown: Sendable, Equatable {
        /// What draining, flushing, committing and leaving may take together, up to 1 h. Default: 30 s.
        public var gracePeriod = Duration.seconds(30)

        /// Creates the defaults.
        public init() {}
    }
}
