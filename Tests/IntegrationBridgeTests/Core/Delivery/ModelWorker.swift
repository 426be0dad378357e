@testable import IntegrationBridge

/// What a worker is at.
enum ModelWorker {
    struct Landed {
        var waiters: [ModelWaiter]
        var topic: Int
        var index = 0
        var heldBytes = 0
        /// Whether the next waiter's assignment was found to be there.
        var isChecked = false
    }

    /// Looks for work, or waits for some.
    case looking
    case calling(ModelBridge.Machine.Call)
    case delivering(Landed)

    var isAtWork: Bool {
        if case .looking = self { false } else { true }
    }
}
