internal import Synchronization

extension Consumer {
    /// The membership under which an assignment's records were read: for the offsets of a transaction.
    ///
    /// With it the broker refuses the offsets (`KafkaError.illegalGeneration`, `unknownMember`, `fencedInstance`) where the
    /// group has moved on. It may be asked for in the delegate's `revoked`, and offsets sent with it until that returns.
    ///
    /// - Parameter epoch: Of the assignment that the offsets belong to.
    /// - Throws: `KafkaError.notAssigned` where that assignment is over, or the membership lost: drop its work.
    public func groupMetadata(epoch: UInt64) throws(KafkaError) -> ConsumerGroupMetadata {
        let membership: ConsumerGroupMetadata? = state.assignment.withLock { state in
            guard state.acceptsCommits, state.partitions.values.first?.epoch == epoch else { return nil }
            return state.membership
        }
        guard let membership else {
            throw KafkaError(
                .notAssigned,
                "The group '\(groupID)' has taken back the partitions of assignment \(epoch): what was read of them "
                    + "must not be committed any more.", requiresAbort: true)
        }
        return membership
    }

    /// Reads all assigned partitions again from the group's committed offsets, as a transaction's abort asks for.
    ///
    /// The delegate hears `rewound` for what is assigned, then `assigned` for the same partitions with new ids and a new
    /// epoch; the member stays in its group. When this returns, `batches` gives nothing that was read before; what a reader
    /// has taken before bears the old ids.
    ///
    /// Offsets in a transaction that is still open somewhere are waited for. A rebalance that comes between ends it too: the
    /// next assignment begins at the committed offsets by itself. Do not wait for it inside a delegate's call.
    ///
    /// - Parameter timeout: After this it throws; the rewind goes on by itself.
    /// - Throws: `KafkaError`: `timedOut`, `closed`, or what has ended the sequence of batches.
    public func rewindToCommitted(timeout: Duration) async throws(KafkaError) {
        let action = "Going back to the committed offsets of the group '\(groupID)'"
        let rewind = Rewind()
        let isTaken = state.assignment.withLock { state in
            guard state.queue != nil else { return false }
            state.rewinds.append(rewind)
            return true
        }
        guard isTaken else { throw .closed("consumer") }
        state.wake()
        guard await rewind.done.wait(until: .now.advanced(by: timeout)) else {
            throw .timedOut(action, after: timeout)
        }
        if let error = rewind.error { throw error }
    }
}
