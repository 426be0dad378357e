/// Names one accepted record: its partition's assignment, and its number in it.
struct RecordToken: Hashable, Sendable {
    /// The id of the assignment of one partition.
    let assignment: UInt32
    /// The record's number within the assignment.
    let sequence: UInt64

    /// What travels through the producer as the opaque value of the output, so that an acknowledgement needs no look-up by
    /// offset, and one that belongs to an older assignment finds nothing: 31 bits of the assignment, and the lower half of
    /// the number, which the ledger completes. The top bit stays free.
    var wire: UInt64 { UInt64(assignment) << 32 | UInt64(UInt32(truncatingIfNeeded: sequence)) }
}
