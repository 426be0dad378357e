extension BridgeConfiguration {
    /// The topics that requests come from.
    public struct Requests: Sendable, Equatable {
        /// Where the bridge begins in a partition for which its group has committed no offset.
        public enum StartFrom: String, Sendable, CaseIterable {
            /// The first record that is kept.
            case earliest
            /// Only records that come after the start.
            case latest
            /// Nowhere: the bridge stops with an error.
            case error
        }

        /// Topics to read; at least one. Default: `integration-lookups`.
        public var topics = ["integration-lookups"]
        /// The consumer group. Default: `integration-bridge`.
        public var groupID = "integration-bridge"
        /// Where the id is in a JSON request, an RFC 6901 pointer; empty: the whole value. Default: `/integration_id`.
        public var idPointer = "/integration_id"
        /// Where to begin without a committed offset. Default: `earliest`.
        public var startFrom = StartFrom.earliest

        /// Creates the defaults.
        public init() {}
    }
}
