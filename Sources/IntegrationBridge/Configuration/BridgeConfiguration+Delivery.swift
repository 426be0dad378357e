extension BridgeConfiguration {
    /// What is promised about outputs and offsets.
    public struct Delivery: Sendable, Equatable {
        /// How often an output may appear.
        public enum Guarantee: String, Sendable, CaseIterable {
            /// An offset is committed only when every record up to it has an acknowledged output.
            case atLeastOnce
            /// Outputs and offsets in one transaction.
            case exactlyOnce
        }

        /// The order of outputs.
        public enum Order: String, Sendable, CaseIterable {
            /// As answers come.
            case unordered
            /// As the requests of a partition.
            case partition
        }

        /// How often an output may appear. Default: `atLeastOnce`.
        public var guarantee = Guarantee.atLeastOnce
        /// The order of outputs; nil: what the guarantee implies. Default: nil.
        public var order: Order?
        /// Unique to an instance and the same after its restart; nil: `<group id>-<host name>`.
        public var transactionalID: String?
        /// Time between commits, 10 ms to 1 min; nil: what suits the guarantee. Default: nil.
        public var commitInterval: Duration?

        /// The order in use: as configured, else `partition` with `exactlyOnce` and `unordered` otherwise.
        public var resolvedOrder: Order { order ?? (guarantee == .exactlyOnce ? .partition : .unordered) }
        /// The time between commits in use: as configured, else 100 ms with `exactlyOnce` and 1 s otherwise.
        public var resolvedCommitInterval: Duration {
            commitInterval ?? (guarantee == .exactlyOnce ? .milliseconds(100) : .seconds(1))
        }

        /// Creates the defaults.
        public init() {}
    }
}
