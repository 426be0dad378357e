extension BridgeConfiguration {
    /// What output records look like.
    public struct Output: Sendable, Equatable {
        /// What an output's key is.
        public enum Key: String, Sendable, CaseIterable {
            /// The request's key, else the integration id.
            case request
            /// The integration id.
            case integrationId
        }

        /// What is left out of a document.
        public enum Redact: String, Sendable, CaseIterable {
            /// Nothing.
            case none
            /// The URLs of webhooks, down to `scheme://host/***`.
            case webhookUrls
        }

        /// What an output's key is. Default: `request`.
        public var key = Key.request
        /// What is left out of a document. Default: `none`.
        public var redact = Redact.none
        /// Bytes of the request's value kept in `lookup.request`, 0 to 1 MiB. Default: 16 KiB.
        public var requestValueLimit = 16 * 1_024

        /// Creates the defaults.
        public init() {}
    }
}
