extension BridgeConfiguration {
    /// The executable's log.
    public struct Log: Sendable, Equatable {
        /// The form of a line.
        public enum Format: String, Sendable, CaseIterable {
            /// For people.
            case text
            /// One JSON object a line.
            case json
        }

        /// The least that is written. Default: `info`.
        public var level = LogLevel.info
        /// The form of a line. Default: `text`.
        public var format = Format.text

        /// Creates the defaults.
        public init() {}
    }
}
