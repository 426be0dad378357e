extension BridgeConfiguration {
    /// Where failures go.
    public struct Failures: Sendable, Equatable {
        /// The topic; none that is read. Default: `integration-failures`.
        public var topic = "integration-failures"

        /// Creates the defaults.
        public init() {}
    }
}
