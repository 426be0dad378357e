extension BridgeConfiguration {
    /// When calls pause because too many of them fail.
    public struct Breaker: Sendable, Equatable {
        /// The share of failed calls that opens the breaker, 0 to 1. Default: 0.5.
        public var failureRatio = 0.5
        /// The time over which calls are counted; 0 turns the breaker off. Default: 10 s.
        public var window = Duration.seconds(10)
        /// Calls in the window below which it never opens, 1 or more. Default: 20.
        public var minimumCalls = 20
        /// How long it stays open before a probe. Default: 5 s.
        public var openFor = Duration.seconds(5)

        /// Creates the defaults.
        public init() {}
    }
}
