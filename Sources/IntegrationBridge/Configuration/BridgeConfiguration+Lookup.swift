extension BridgeConfiguration {
    /// How ids are looked up: concurrency, memory, retries.
    public struct Lookup: Sendable, Equatable {
        /// Full-jitter backoff between attempts.
        public struct Backoff: Sendable, Equatable {
            /// The first wait at most, 1 ms or more. Default: 200 ms.
            public var initial = Duration.milliseconds(200)
            /// Any wait at most, no less than `initial`. Default: 10 s.
            public var max = Duration.seconds(10)

            /// Creates the defaults.
            public init() {}
        }

        /// Distinct ids in flight, 1 to 10,000. Default: 64.
        public var maxInFlight = 64
        /// Bytes that are queued, in flight, waiting or held back for order; 64 KiB or more. Default: 64 MiB.
        public var maxHeldBytes = 64 * 1_024 * 1_024
        /// Calls for one id at most, 1 to 1,000. Default: 5.
        public var maxAttempts = 5
        /// Time for all attempts at most; whichever of this and `maxAttempts` ends first. Default: 2 min.
        public var retryFor = Duration.seconds(120)
        /// Waits between attempts.
        public var backoff = Backoff()
        /// A ceiling under what the API allows, above 0; nil: none.
        public var maxRequestsPerSecond: Double?

        /// Creates the defaults.
        public init() {}
    }
}
