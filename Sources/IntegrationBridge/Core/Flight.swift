/// One look-up of one id, and the records that wait for it.
struct Flight<Waiter: FlightWaiter>: Sendable {
    enum State: Sendable {
        /// Waits for a free call, or for the door.
        case ready
        /// A call is under way.
        case calling
        /// Waits for its next attempt.
        case backingOff
    }

    let id: [UInt8]
    let hash: UInt64
    let generation: UInt32
    var state = State.ready
    var waiters: [Waiter] = []
    /// Calls made, but for those answered by 429 or by refused credentials.
    var attempts = 0
    /// When the first call began, on a clock that stands still while the door is closed.
    var firstCall: Duration?
}
