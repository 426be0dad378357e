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

    var machine: TransactionMachine
    var part = Part.first
    var runs: [Run] = []
    var epoch = 0
    var offsets: [(partition: Int, offset: Int64)] = []
    var firstAt: MonotonicInstant?
    var rewindDeadline: MonotonicInstant?
    var isOver = false

    init(timeout: Duration) {
        machine = TransactionMachine(timeout: timeout, isInitialized: true)
    }
}
