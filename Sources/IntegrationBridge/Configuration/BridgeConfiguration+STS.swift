extension BridgeConfiguration.API {
    /// The exchange of a subject token for a bearer token. Accepted, but not yet available.
    public struct STS: Sendable, Equatable {
        /// The identity pool.
        public var identityPoolID: String?
        /// A file that holds the subject token; it is read again for each exchange.
        public var subjectTokenFile: String?
        /// How long a token is asked to live, 1 s to 1 day; nil: as long as the API gives it.
        public var expiresIn: Duration?

        /// Creates the defaults.
        public init() {}
    }
}
