/// One look-up of one id, and the records that wait for it.
struct Flight<Waiter: FlightWaiter>: Sendable {
    enum State: Sendable {
        /// Waits for a free call, or for a door.
        case ready
        /// A call is under way.
        case calling
        /// Waits for its next attempt.
        case backingOff
    }

    /// The queue that a flight waits in.
    enum Queue: Sendable {
        case live
        /// Repeated calls, which have a budget.
        case retry
        /// A cached answer made new while it is still served; nobody waits for it.
        case refresh
    }

    let id: [UInt8]
    let hash: UInt64
    let generation: UInt32
    var queue: Queue
    var state = State.ready
    var waiters: [Waiter] = []
    /// Calls made, but for those answered by 429, by refused credentials, and by an API that fails as a whole.
    var attempts = 0
    /// When the first call began, on a clock that stands still while a door is closed.
    var firstCall: Duration?
    /// Whether the cache has an old answer that may be given where the API fails.
    var hasOldAnswer = false
}
