/// A fault in how the parts of a bridge are put together, which the simulation has to find. `text` says what each is.
enum PlantedBug: CaseIterable {
    case finishedWhenProduced
    case refusalIgnored
    case positionCommitted
    case commitOutlivesAssignment
    case failedCommitForgotten
    case assignmentIDReused
    case producedOutOfTurn
    case heldResultsNotGivenUp
    case generationNotChecked
    case doomedCommitted
    case notRewound
    case rewoundWithoutNewID
    case abortTakenForCommit
    case abortedWithoutFlush
    case producedWhileClosed
    case notSettled
    case offsetsNotSent
    case positionInTransaction
    case fencedTakesBack
    case freedBytesWakeNobody
    case openedWakesNobody
    case doomWakesNobody
    case closedDoorWakesNoTimer
    case settledEndsNoDrain
    case revokeHoldsUpRewind
    case failureEndsNoDrain
    case endedWakesNobody

    /// Where it shows.
    var modes: [DeliveryMode] {
        switch self {
        case .finishedWhenProduced, .refusalIgnored, .positionCommitted, .commitOutlivesAssignment,
            .failedCommitForgotten:
            [.unordered, .ordered]
        case .assignmentIDReused, .closedDoorWakesNoTimer: DeliveryMode.allCases
        case .producedOutOfTurn, .heldResultsNotGivenUp, .freedBytesWakeNobody: [.ordered, .exactlyOnce]
        default: [.exactlyOnce]
        }
    }

    /// Seeds of which one must find it; the rare ones begin shortly before the first that does.
    var seeds: Range<UInt64> {
        switch self {
        case .generationNotChecked: 530..<560
        case .doomWakesNobody: 520..<550
        case .endedWakesNobody: 600..<630
        default: 0..<150
        }
    }
}
