/// What ``Admission`` wants to know of a call when it ends.
struct CallTicket: Hashable, Sendable {
    /// Counts the calls of this bridge, 1 being the first.
    let number: Int
    let sentAt: MonotonicInstant
    /// Calls under way when it was sent, itself included.
    let inFlight: Int
}
