/// Which records are accepted, finished and committed, for every partition that this member holds.
///
/// Work of an assignment that is over has no effect: its id finds no ledger (assignments have ids of their own, and the
/// assignment epochs of librdkafka's own `assignment_lost` are not relied on).
struct OffsetLedger: Sendable {
    /// What to commit for one assignment of one partition.
    struct Commit: Hashable, Sendable {
        var assignment: UInt32
        var previous: Int64
        var offset: Int64
    }

    private var partitions = AssignmentTable<PartitionLedger>()

    var assignments: [UInt32] { partitions.assignments }

    /// - Parameter firstSequence: the number of the first record; above 0 only where a long history is stood in for.
    mutating func assign(_ assignment: UInt32, startOffset: Int64, firstSequence: UInt64 = 0) {
        partitions.set(PartitionLedger(startOffset: startOffset, firstSequence: firstSequence), of: assignment)
    }

    /// Takes in a record; `nil` where its assignment is over or ending.
    mutating func accept(assignment: UInt32, offset: Int64) -> RecordToken? {
        guard let sequence = partitions.change(assignment, { $0.accept(offset: offset) }) ?? nil else { return nil }
        return RecordToken(assignment: assignment, sequence: sequence)
    }

    /// A record's output is acknowledged.
    ///
    /// - Returns: whether that had an effect: false for an assignment that is over, and for a repeated acknowledgement.
    @discardableResult
    mutating func finish(_ token: RecordToken) -> Bool {
        partitions.change(token.assignment) { $0.finish(token.sequence) } ?? false
    }

    /// The same for what came back from the producer: ``RecordToken/wire``.
    mutating func finish(wire: UInt64) -> Bool {
        partitions.change(UInt32(truncatingIfNeeded: wire >> 32)) {
            $0.finish(lowerHalf: UInt32(truncatingIfNeeded: wire))
        } ?? false
    }

    /// What to commit for all records of an assignment before this sequence number.
    func nextOffset(of assignment: UInt32, before end: UInt64) -> Int64? {
        partitions[assignment]?.nextOffset(before: end)
    }

    /// A transaction with the results of all records before this sequence number is committed.
    mutating func settle(_ assignment: UInt32, before end: UInt64) -> Int {
        partitions.change(assignment) { $0.settle(before: end) } ?? 0
    }

    mutating func abandon(_ token: RecordToken) {
        partitions.change(token.assignment) { $0.abandon() }
    }

    mutating func beginRevoking(_ assignments: [UInt32]) {
        for assignment in assignments { partitions.change(assignment) { $0.beginRevoking() } }
    }

    /// Ends assignments: whatever still completes for them is ignored.
    mutating func end(_ assignments: [UInt32]) {
        for assignment in assignments { partitions.remove(assignment) }
    }

    /// Records that somebody still works on, in these assignments.
    func awaitedCount(in assignments: [UInt32]) -> Int {
        assignments.reduce(0) { $0 + (partitions[$1]?.awaitedCount ?? 0) }
    }

    /// Records accepted and not finished, in all assignments.
    var unfinishedCount: Int { partitions.all.reduce(0) { $0 + $1.unfinishedCount } }

    /// Records from the oldest unfinished one on, of each assignment.
    var windowCounts: [UInt32: Int] {
        Dictionary(uniqueKeysWithValues: partitions.assignments.map { ($0, partitions[$0]?.windowCount ?? 0) })
    }

    /// How many assignments there are, and the most records from the oldest unfinished one on in any of them.
    var windows: (count: Int, largest: Int) {
        (partitions.all.count, partitions.all.reduce(0) { max($0, $1.windowCount) })
    }

    func watermark(of assignment: UInt32) -> Int64? { partitions[assignment]?.watermark }

    /// The oldest unfinished record of an assignment.
    func oldestUnfinished(of assignment: UInt32) -> (token: RecordToken, offset: Int64)? {
        guard let ledger = partitions[assignment], let sequence = ledger.oldestUnfinished,
            let offset = ledger.oldestUnfinishedOffset
        else { return nil }
        return (RecordToken(assignment: assignment, sequence: sequence), offset)
    }

    func oldestUnfinishedOffset(of assignment: UInt32) -> Int64? { partitions[assignment]?.oldestUnfinishedOffset }

    /// What is finished and not yet committed; counts as committed from now on, unless told otherwise.
    mutating func takeCommits(of assignments: [UInt32]? = nil) -> [Commit] {
        var commits: [Commit] = []
        for assignment in assignments ?? partitions.assignments {
            guard let previous = partitions[assignment]?.committed else { continue }
            if let offset = partitions.change(assignment, { $0.takeCommit() }) ?? nil {
                commits.append(Commit(assignment: assignment, previous: previous, offset: offset))
            }
        }
        return commits
    }

    /// Makes the offsets of a commit that failed due again.
    mutating func commitFailed(_ commits: [Commit]) {
        for commit in commits { partitions.change(commit.assignment) { $0.commitFailed(backTo: commit.previous) } }
    }
}
