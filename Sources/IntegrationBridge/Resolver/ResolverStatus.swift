/// What the resolver is doing at one moment.
struct ResolverStatus: Sendable {
    var flights: Int
    var calls: Int
    var heldBytes: Int
    var cacheEntries: Int
    var cacheBytes: Int
    /// Why calls wait; `nil` where they only wait for their turn.
    var closed: Doors.Closed?
    var isBreakerOpen: Bool
    var areCredentialsAccepted: Bool
    var isGateClosed: Bool
    var rateLimit: (limit: Int?, remaining: Int?)
}
