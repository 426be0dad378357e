/// What the pipeline is at.
struct ModelIntake {
    struct Record {
        var assignment: UInt32
        var input: ModelInput
    }

    struct Item {
        var waiter: ModelWaiter
        /// `nil` once it waits for a flight.
        var topic: Int?
    }

    enum Stage {
        /// Waits for a batch.
        case idle
        case accepting([Record])
        case resolving
        case delivering(Int)
        /// The batch is done: waits until the resolver has room for another one.
        case waiting
        case over
    }

    var mailbox: [[Record]] = []
    var stage = Stage.idle
    var items: [Item] = []
    var isCancelled = false

    /// Whether records of a batch are in its hands.
    var isAtWork: Bool {
        switch stage {
        case .idle, .waiting, .over: false
        case .accepting, .resolving, .delivering: true
        }
    }
}
