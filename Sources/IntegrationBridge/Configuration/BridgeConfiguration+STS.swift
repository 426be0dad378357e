extension BridgeConfiguration.API {
    /// The exchange of a subject token for a bearer token, for `auth` `sts`.
    public struct STS: Sendable, Equatable {
        /// The identity pool. Needed with `auth` `sts`.
        public var identityPoolID: String?
        /// A file that holds the subject token; it is read again for each exchange. Needed with `auth` `sts`.
        public var subjectTokenFile: String?
        /// How long a token is asked to live, 1 s to 15 min, in whole seconds; nil: as long as the API gives it.
        public var expiresIn: Duration?

        /// Creates the defaults.
        public init() {}
    }
}
