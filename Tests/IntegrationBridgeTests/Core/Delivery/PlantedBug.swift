/// A fault in how the parts of a bridge are put together, which the simulation has to find.
enum PlantedBug: CaseIterable {
    /// A record counts as finished when it is produced.
    case finishedWhenProduced
    /// A refused output counts as acknowledged.
    case refusalIgnored
    /// What is committed is where reading has got to.
    case positionCommitted
    /// A commit that was prepared in one assignment is sent in the next one.
    case commitOutlivesAssignment
    /// The next assignment of a partition has the id of the one before.
    case assignmentIDReused
    /// A result is produced before its turn.
    case producedOutOfTurn
    /// A record is given up, and what is held behind it is not.
    case heldResultsNotGivenUp
    /// What a transaction commits is sent with the member's generation of now, and not that of the records.
    case generationNotChecked
    /// A transaction with results of an assignment that is over is committed.
    case doomedCommitted
    /// After an abort reading goes on where it was.
    case notRewound
    /// After a rewind the partitions keep the ids of their assignments.
    case rewoundWithoutNewID
    /// Results are produced while no transaction is open.
    case producedWhileClosed
    /// A committed transaction does not finish its records.
    case notSettled
    /// A transaction is committed without its offsets.
    case offsetsNotSent
    /// The offsets of a transaction go up to what is read.
    case positionInTransaction
    /// A producer that another one has replaced takes its place back.
    case fencedTakesBack
    /// An aborted transaction's records count as finished, and its results stay where they are.
    case abortTakenForCommit

    /// Where it shows.
    var modes: [DeliveryMode] {
        switch self {
        case .finishedWhenProduced, .refusalIgnored, .positionCommitted, .commitOutlivesAssignment:
            [.unordered, .ordered]
        case .assignmentIDReused: DeliveryMode.allCases
        case .producedOutOfTurn, .heldResultsNotGivenUp: [.ordered, .exactlyOnce]
        default: [.exactlyOnce]
        }
    }

    /// Seeds of which one must find it; the rare ones begin shortly before the first that does.
    var seeds: Range<UInt64> {
        switch self {
        case .generationNotChecked: 2550..<2600
        case .doomedCommitted: 320..<370
        case .commitOutlivesAssignment: 100..<350
        default: 0..<200
        }
    }
}
