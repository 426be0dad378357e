/// Names one accepted record: its partition's assignment, and its number in it.
///
/// It travels through the producer as the opaque value of the output, so that an acknowledgement needs no look-up by
/// offset, and one that belongs to an older assignment finds nothing.
struct RecordToken: Hashable, Sendable {
    private static let sequenceBits: UInt64 = 40

    let rawValue: UInt64

    init(rawValue: UInt64) {
        self.rawValue = rawValue
    }

    init(assignment: UInt32, sequence: UInt64) {
        rawValue = UInt64(assignment) << Self.sequenceBits | sequence
    }

    /// The id of the assignment of one partition.
    var assignment: UInt32 { UInt32(truncatingIfNeeded: rawValue >> Self.sequenceBits) }

    /// The record's number within the assignment.
    var sequence: UInt64 { rawValue & (1 << Self.sequenceBits - 1) }
}
