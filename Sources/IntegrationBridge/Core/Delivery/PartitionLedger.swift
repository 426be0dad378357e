/// What became of the records of one partition in one assignment: a window from the oldest unfinished record on.
///
/// Contiguity is over *delivered* records: gaps between offsets (control and aborted records) are normal.
struct PartitionLedger: Sendable {
    /// The next offset to commit: one past the last record of the finished prefix.
    private(set) var watermark: Int64
    /// What was last handed over to be committed.
    private(set) var committed: Int64
    /// Records that were given up (revoked or shut down before they were started): never finished, not waited for.
    private(set) var abandonedCount = 0
    /// Records finished, also those behind an unfinished one.
    private(set) var finishedInWindow = 0
    private(set) var isRevoking = false

    // Offsets in a ring, by sequence number; a finished record's offset is stored as its complement.
    private var ring: [Int64] = Array(repeating: 0, count: 1024)
    private var head: UInt64 = 0
    private var tail: UInt64 = 0

    /// - Parameter firstSequence: the number of the first record; above 0 only where a long history is stood in for.
    init(startOffset: Int64, firstSequence: UInt64 = 0) {
        watermark = startOffset
        committed = startOffset
        head = firstSequence
        tail = firstSequence
    }

    /// Records accepted and not finished, given up ones included.
    var unfinishedCount: Int { Int(tail - head) - finishedInWindow }

    /// Records that somebody still works on.
    var awaitedCount: Int { unfinishedCount - abandonedCount }

    /// Records from the oldest unfinished one on: what would be done again after a crash.
    var windowCount: Int { Int(tail - head) }

    var oldestUnfinishedOffset: Int64? { head < tail ? ring[slot(head)] : nil }

    /// The oldest unfinished record's sequence number.
    var oldestUnfinished: UInt64? { head < tail ? head : nil }

    private func slot(_ sequence: UInt64) -> Int {
        Int(truncatingIfNeeded: sequence) & (ring.count - 1)
    }

    /// Takes in the next record; offsets only rise.
    ///
    /// - Returns: its sequence number; `nil` where the partition is being given up, or where the offset does not rise.
    mutating func accept(offset: Int64) -> UInt64? {
        guard !isRevoking, offset >= lowestAcceptable else { return nil }
        if Int(tail - head) == ring.count { grow() }
        ring[slot(tail)] = offset
        lowestAcceptable = offset + 1
        tail += 1
        return tail - 1
    }

    private var lowestAcceptable: Int64 = 0

    /// Marks a record finished: its output is acknowledged.
    ///
    /// - Returns: whether it was unfinished before.
    mutating func finish(_ sequence: UInt64) -> Bool {
        guard sequence >= head, sequence < tail, ring[slot(sequence)] >= 0 else { return false }
        ring[slot(sequence)] = ~ring[slot(sequence)]
        finishedInWindow += 1
        while head < tail, ring[slot(head)] < 0 {
            watermark = ~ring[slot(head)] + 1
            head += 1
            finishedInWindow -= 1
        }
        return true
    }

    /// The same by the lower half of its sequence number: the window is far smaller than what that can tell apart.
    mutating func finish(lowerHalf: UInt32) -> Bool {
        finish(head + UInt64(lowerHalf &- UInt32(truncatingIfNeeded: head)))
    }

    /// One past the offset of the record before this sequence number: what to commit for all up to it.
    func nextOffset(before end: UInt64) -> Int64? {
        guard end > head, end <= tail else { return nil }
        let offset = ring[slot(end - 1)]
        return (offset < 0 ? ~offset : offset) + 1
    }

    /// Marks all records before this sequence number finished and committed.
    ///
    /// - Returns: how many were unfinished.
    mutating func settle(before end: UInt64) -> Int {
        var count = 0
        for sequence in head..<max(head, min(end, tail)) where finish(sequence) { count += 1 }
        committed = max(committed, watermark)
        return count
    }

    /// Gives one unfinished record up: it will be read again by whoever gets the partition.
    mutating func abandon() {
        abandonedCount += 1
    }

    /// From now on nothing is accepted.
    mutating func beginRevoking() {
        isRevoking = true
    }

    /// What to commit now, where it is more than what was committed.
    mutating func takeCommit() -> Int64? {
        guard watermark > committed else { return nil }
        committed = watermark
        return watermark
    }

    /// A commit failed: what it held is due again.
    mutating func commitFailed(backTo offset: Int64) {
        committed = min(committed, offset)
    }

    private mutating func grow() {
        var grown = [Int64](repeating: 0, count: ring.count * 2)
        for sequence in head..<tail {
            grown[Int(truncatingIfNeeded: sequence) & (grown.count - 1)] = ring[slot(sequence)]
        }
        ring = grown
    }
}
