extension BridgeConfiguration.API {
    /// How the API's certificate is checked.
    public struct TLS: Sendable, Equatable {
        /// A PEM file of the authorities to trust; nil: the system's.
        public var caFile: String?

        /// Creates the defaults.
        public init() {}
    }
}
