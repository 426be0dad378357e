extension PlantedBug {
    /// What the bridge does, and what comes of it where it is used.
    var text: (bug: String, harm: String) {
        switch self {
        case .finishedWhenProduced:
            ("a record counts as finished when it is produced", "results that were under way are lost with a crash")
        case .refusalIgnored: ("a refused result counts as acknowledged", "it is lost")
        case .positionCommitted:
            (
                "the position of reading is committed",
                "requests that were under way are lost with a crash or a rebalance"
            )
        case .commitOutlivesAssignment:
            (
                "a commit that was prepared in one assignment is sent in the next",
                "the offset goes back: work is done twice"
            )
        case .failedCommitForgotten:
            ("a commit that fails is not due again", "the lag stays, and a restart does the work twice")
        case .assignmentIDReused:
            (
                "the next assignment of a partition has the id of the one before",
                "late answers and reports stand for records that were read again: results are lost or out of order"
            )
        case .producedOutOfTurn: ("a result is produced before its turn", "the order is lost; a crash doubles results")
        case .heldResultsNotGivenUp:
            ("where a record is given up, what is held behind it is not", "rebalances take as long as they may")
        case .generationNotChecked:
            ("offsets go into a transaction with the membership of now, not of the records", "results are doubled")
        case .doomedCommitted:
            (
                "the same, and a transaction with results of an assignment that is over is committed",
                "results without offsets, which the next owner doubles"
            )
        case .notRewound: ("after an abort reading goes on where it was", "the requests of the transaction are lost")
        case .rewoundWithoutNewID:
            ("after an abort the partitions keep the ids of their assignments", "answers from before it lose requests")
        case .abortTakenForCommit:
            ("an abort finishes the records of its transaction", "their offsets are committed, their results are lost")
        case .abortedWithoutFlush:
            (
                "an abort does not flush before",
                "INVALID_TXN_STATE ends the producer, and another one has to take its place"
            )
        case .producedWhileClosed:
            ("results are produced while no transaction takes them", "results without offsets: doubled after a crash")
        case .notSettled: ("a commit does not finish its records", "memory grows until the input stops")
        case .offsetsNotSent: ("a transaction is committed without its offsets", "every restart doubles all results")
        case .positionInTransaction:
            (
                "a transaction's offsets are the position of reading",
                "requests that were under way are lost with a crash"
            )
        case .fencedTakesBack:
            ("a producer that was replaced takes its place back", "two instances with one id never get to work")
        case .freedBytesWakeNobody: ("bytes that held results free do not wake the input", "it stops for ever")
        case .openedWakesNobody: ("a new transaction does not wake who waits for room", "the input stops for ever")
        case .doomWakesNobody:
            ("a transaction that takes nothing more does not wake its runner", "no result goes out any more")
        case .closedDoorWakesNoTimer:
            ("a door that closes does not wake the timer that is to open it", "no call is made any more after a 429")
        case .settledEndsNoDrain: ("a commit does not end a revoke's wait", "rebalances take as long as they may")
        case .revokeHoldsUpRewind:
            (
                "a revoke waits for records of an aborted transaction, which only its own thread reads again",
                "a rebalance takes as long as it may"
            )
        case .failureEndsNoDrain:
            ("a failure does not end the wait of a revoke, or of the stop", "a failed run takes as long as it may")
        case .endedWakesNobody:
            (
                "a partition that goes does not wake the stop that waits for its records",
                "the stop takes as long as it may"
            )
        }
    }
}
