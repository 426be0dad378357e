/// A flight that is over, with the requests that get its result.
struct LandedFlight: Sendable {
    var id: [UInt8]
    var result: LookupResult
    var waiters: [HeldRequest]
    /// Calls made, but for those answered by 429 or by refused credentials.
    var attempts: Int
}
