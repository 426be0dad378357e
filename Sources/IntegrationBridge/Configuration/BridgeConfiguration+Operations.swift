extension BridgeConfiguration {
    /// The server for health and metrics. Accepted, but without effect yet.
    public struct Operations: Sendable, Equatable {
        /// The address to listen on. Default: `127.0.0.1`.
        public var host = "127.0.0.1"
        /// The port, 0 (any that is free) to 65,535; nil: not served. Default: nil.
        public var port: Int?

        /// Creates the defaults.
        public init() {}
    }
}
