/// A flight that is over, with the requests that get its result.
struct LandedFlight: Sendable {
    var id: [UInt8]
    var result: LookupResult
    var waiters: [HeldRequest]
    /// Calls made, but for those answered by 429, by refused credentials, and by an API that fails as a whole.
    var attempts: Int
    var isStale: Bool

    /// The bytes of its requests.
    var heldBytes: Int { waiters.reduce(0) { $0 + $1.heldBytes } }

    /// Where the result of the request with this number among the waiters came from.
    func source(ofWaiter number: Int) -> LookupSource {
        isStale ? .stale : number == 0 ? .api : .coalesced
    }
}
