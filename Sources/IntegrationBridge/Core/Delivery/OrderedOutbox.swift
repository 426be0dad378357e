/// Results of all assignments in their order, and what of them is in the open transaction, where there is one.
///
/// A plain value: whoever owns it produces what it says, one at a time.
struct OrderedOutbox<Element: Sendable>: Sendable {
    /// Up to which record of an assignment the results are out.
    struct Run: Hashable, Sendable {
        var assignment: UInt32
        /// One past the last record's sequence number.
        var end: UInt64
    }

    private struct Lane: Sendable {
        var holdBack = HoldBack<Element>()
        /// Where the transaction began in this assignment.
        var settled: UInt64 = 0
        var isWaiting = false
    }

    private let usesTransactions: Bool
    private var lanes = AssignmentTable<Lane>()
    /// Lanes whose next result is held and may go out.
    private var waiting = RingQueue<UInt32>()
    /// Whether results may be produced now: a transaction is begun and not being ended.
    private(set) var isOpen: Bool
    /// The transaction has results of an assignment that is over: it must not be committed.
    private(set) var isDoomed = false
    /// Results in the open transaction, and when the first one came.
    private(set) var recordCount = 0
    private(set) var firstAt: MonotonicInstant?
    /// Bytes held back for their turn.
    private(set) var heldBytes = 0

    init(usesTransactions: Bool) {
        self.usesTransactions = usesTransactions
        isOpen = !usesTransactions
    }

    // MARK: Assignments

    mutating func assign(_ assignment: UInt32) {
        lanes.set(Lane(), of: assignment)
    }

    /// Ends assignments; what is held of them is dropped.
    ///
    /// - Returns: the bytes that it was held with.
    mutating func end(_ assignments: [UInt32]) -> Int {
        var bytes = 0
        for assignment in assignments {
            guard let lane = lanes.remove(assignment) else { continue }
            bytes += lane.holdBack.heldBytes
            if usesTransactions, lane.holdBack.next > lane.settled { isDoomed = true }
        }
        heldBytes -= bytes
        return bytes
    }

    /// Bytes held back in each assignment.
    var heldBytesByAssignment: [UInt32: Int] {
        Dictionary(uniqueKeysWithValues: zip(lanes.assignments, lanes.all.lazy.map(\.holdBack.heldBytes)))
    }

    // MARK: Results

    /// Whether results were held whose turn has come.
    var hasWaiting: Bool { !waiting.isEmpty }

    func turn(of token: RecordToken) -> HoldBack<Element>.Turn {
        lanes[token.assignment]?.holdBack.turn(of: token.sequence) ?? .never
    }

    /// Whether a result waits for its turn.
    func isHeld(_ token: RecordToken) -> Bool {
        lanes[token.assignment]?.holdBack.isHeld(token.sequence) ?? false
    }

    mutating func hold(_ element: Element, bytes: Int, token: RecordToken) {
        lanes.change(token.assignment) { $0.holdBack.hold(element, bytes: bytes, sequence: token.sequence) }
        heldBytes += bytes
        queueIfNext(token.assignment)
    }

    /// The next result of this assignment was produced.
    ///
    /// - Returns: the bytes that it was held with.
    mutating func produced(_ assignment: UInt32, now: @autoclosure () -> MonotonicInstant) -> Int {
        guard let bytes = lanes.change(assignment, { $0.holdBack.letOut() }) else { return 0 }
        heldBytes -= bytes
        if usesTransactions {
            recordCount += 1
            if firstAt == nil { firstAt = now() }
        }
        queueIfNext(assignment)
        return bytes
    }

    /// A held result whose turn has come; it is to be produced, or put back by ``putBack(_:)``.
    mutating func nextHeld() -> (token: RecordToken, element: Element)? {
        guard isOpen, !isDoomed else { return nil }
        while let assignment = waiting.popFirst() {
            lanes.change(assignment) { $0.isWaiting = false }
            if let lane = lanes[assignment], let element = lane.holdBack.first {
                return (RecordToken(assignment: assignment, sequence: lane.holdBack.next), element)
            }
        }
        return nil
    }

    /// What ``nextHeld()`` gave could not be produced.
    mutating func putBack(_ token: RecordToken) {
        queueIfNext(token.assignment)
    }

    private mutating func queueIfNext(_ assignment: UInt32) {
        guard let lane = lanes[assignment], lane.holdBack.hasNext, !lane.isWaiting else { return }
        lanes.change(assignment) { $0.isWaiting = true }
        waiting.append(assignment)
    }

    /// A record is given up, and what is held behind it.
    ///
    /// - Returns: the held results that are given up with it.
    mutating func giveUp(_ token: RecordToken) -> (tokens: [RecordToken], bytes: Int) {
        guard let dropped = lanes.change(token.assignment, { $0.holdBack.giveUp(from: token.sequence) })
        else { return ([], 0) }
        heldBytes -= dropped.bytes
        return (
            dropped.sequences.map { RecordToken(assignment: token.assignment, sequence: $0) }, dropped.bytes
        )
    }

    // MARK: Transactions

    /// A transaction is begun: results may be produced.
    mutating func open() {
        isOpen = true
        isDoomed = false
        recordCount = 0
        firstAt = nil
        for assignment in lanes.assignments { lanes.change(assignment) { $0.settled = $0.holdBack.next } }
    }

    /// The transaction must not be committed.
    mutating func doom() {
        isDoomed = true
    }

    /// Nothing more goes into the transaction.
    ///
    /// - Returns: what it holds of each assignment.
    mutating func close() -> [Run] {
        isOpen = false
        return zip(lanes.assignments, lanes.all).compactMap { assignment, lane in
            lane.holdBack.next > lane.settled ? Run(assignment: assignment, end: lane.holdBack.next) : nil
        }
    }
}
