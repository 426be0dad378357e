@testable import IntegrationBridge

/// What the transaction runner is at.
struct ModelRunner {
    typealias Run = OrderedOutbox<ModelBridge.Result>.Run

    /// A step of the machine in several parts.
    enum Part {
        case first
        /// The group's metadata is taken; offsets follow.
        case member(Int, generation: Int)
        /// The outbox is closed; offsets are looked up next.
        case closed(isDoomed: Bool)
        /// The brokers said yes.
        case done
    }

    static let interval: Duration = .milliseconds(300)
    /// Results that end a transaction before its time.
    static let mostRecords = 12

    var machine: TransactionMachine
    var part = Part.first
    var runs: [Run] = []
    var epoch = 0
    var offsets: [(partition: Int, offset: Int64)] = []
    var firstAt: MonotonicInstant?
    /// Until when it waits, at most, for the transaction to be due.
    var due: MonotonicInstant?
    var rewindDeadline: MonotonicInstant?
    /// Its task is cancelled: it ends what is open.
    var isCancelled = false
    var isOver = false

    init(timeout: Duration) {
        machine = TransactionMachine(timeout: timeout, isInitialized: true)
    }
}
