/// Decides where each partition begins, from what was looked up. No I/O.
struct StartOffsets {
    enum Decision: Equatable {
        /// Begin here.
        case start(Int64)
        /// Begin here, and commit it before anything else.
        case startAndCommit(Int64)
        /// The group has no offset, and is not to begin without one.
        case missing
        /// Retention has passed the committed offset.
        case passed(committed: Int64, low: Int64)
    }

    let startFrom: ConsumerConfiguration.StartFrom

    /// - Parameters:
    ///   - committed: The group's offset; nil where there is none.
    ///   - low: The first offset that the partition holds.
    ///   - high: The one after its last.
    ///
    /// A committed offset above `high` is left to the broker: up to the high watermark it is valid while a transaction is
    /// open, and `high` does not reach that far then. The broker refuses what is beyond.
    func decide(committed: Int64?, low: Int64, high: Int64) -> Decision {
        if let committed {
            return committed < low ? .passed(committed: committed, low: low) : .start(committed)
        }
        switch startFrom {
        case .earliest: return .start(low)
        case .latest: return .startAndCommit(high)
        case .error: return .missing
        }
    }
}
