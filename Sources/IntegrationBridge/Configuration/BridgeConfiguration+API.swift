extension BridgeConfiguration {
    /// The Notifications API and how to authenticate to it.
    public struct API: Sendable, Equatable {
        /// How calls are authenticated.
        public enum Auth: String, Sendable, CaseIterable {
            /// Basic, with `key` and a secret.
            case apiKey
            /// A bearer token, exchanged for a subject token.
            case sts
            /// Not at all.
            case none
        }

        /// What happens while the API refuses the bridge's credentials.
        public enum OnUnauthorized: String, Sendable, CaseIterable {
            /// The bridge keeps its records, is unready and tries again.
            case pause
            /// The records become failures.
            case fail
        }

        /// An absolute URL: https, or http to loopback. Default: `https://api.confluent.cloud`.
        public var baseURL = "https://api.confluent.cloud"
        /// How calls are authenticated. Default: `apiKey`.
        public var auth = Auth.apiKey
        /// The API key's id. Needed with `auth` `apiKey`.
        public var key: String?
        /// The API key's secret. With `auth` `apiKey`, either this or `secretFile`.
        public var secret: Secret?
        /// A file that holds the secret; it is read again when it changes.
        public var secretFile: String?
        /// The token exchange.
        public var sts = STS()
        /// What one attempt may take, connecting included: 1 ms to 1 h. Default: 10 s.
        public var timeout = Duration.seconds(10)
        /// How the API's certificate is checked.
        public var tls = TLS()
        /// An HTTP proxy, `http://host:port` or `http://user:password@host:port`; nil: none, whatever the environment
        /// says. Shown to nobody, since it may hold a password.
        public var proxyURL: Secret?
        /// Whether plain http to other than loopback is accepted. Default: false.
        public var allowInsecure = false
        /// What happens while the credentials are refused. Default: `pause`.
        public var onUnauthorized = OnUnauthorized.pause

        /// Creates the defaults.
        public init() {}
    }
}
