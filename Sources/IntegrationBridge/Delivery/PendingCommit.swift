internal import RDKafka

/// An offset to commit, and what to take back where the commit fails.
struct PendingCommit: Sendable {
    var commit: OffsetLedger.Commit
    var assigned: AssignedPartition
}
