extension BridgeConfiguration {
    /// Where resolved integrations go.
    public struct Integrations: Sendable, Equatable {
        /// The topic; none that is read. Default: `integrations`.
        public var topic = "integrations"

        /// Creates the defaults.
        public init() {}
    }
}
