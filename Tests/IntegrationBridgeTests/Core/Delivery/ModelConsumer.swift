@testable import IntegrationBridge

/// What the consumer's thread is at.
struct ModelConsumer {
    enum Step {
        case beginRevoking([UInt32])
        case giveBackWaiting([UInt32])
        case hurry(Bool)
        case drain([UInt32], until: MonotonicInstant)
        case abandon([UInt32])
        case endOutbox([UInt32])
        case endLedger([UInt32], commits: Bool)
        case commit([(partition: Int, offset: Int64)])
        case unassign
        case join
        case awaitAssignment
        case position(isRewind: Bool)
        case assignOutbox([UInt32])
        case assignLedger([UInt32: ModelBridge.Context])
        case rewound
        case leave
    }

    var todo: [Step] = [.join]
    var member: Int?
    var generation = 0
    /// Of the assignment; each rewind is a new one.
    var epoch = 0
    var acceptsCommits = false
    var assignments: [Int: UInt32] = [:]
    /// Where reading has got to.
    var positions: [Int: Int64] = [:]
    var nextAssignment: UInt32 = 1
    /// A revoke waits for records of these assignments, until somebody signals that nobody works on them any more.
    var draining: [UInt32]?
    var isDrained = false
    var isRewindRequested = false
    var isClosing = false
    var isClosed = false
}
