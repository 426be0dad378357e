/// What the resolver is doing at one moment.
struct ResolverStatus: Sendable {
    var flights: Int
    var calls: Int
    var heldBytes: Int
    var cacheEntries: Int
    var cacheBytes: Int
    /// Why the door is closed, or was when the last call was turned away.
    var door: Door.Reason?
}
