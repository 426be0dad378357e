@testable import IntegrationBridge

/// What the pipeline and the workers are at.
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

    struct Landed {
        var waiters: [ModelWaiter]
        var topic: Int
        var index = 0
        var heldBytes = 0
        var isChecked = false
        /// Waits for room that there was not at this count.
        var fullAt: Int?
    }

    enum Stage {
        case idle
        case accepting([Record])
        case resolving
        case delivering(Int)
        case over
    }

    var mailbox: [[Record]] = []
    var stage = Stage.idle
    var items: [Item] = []
    var fullAt: Int?
    var calls: [ModelBridge.Machine.Call] = []
    var landed: [Landed] = []
    var isPipelineCancelled = false

    static let workers = 4
}
