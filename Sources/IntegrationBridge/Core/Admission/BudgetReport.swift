/// What an answer said about the quota, all of it optional: `X-RateLimit-*`.
struct BudgetReport: Hashable, Sendable {
    /// The calls that a window allows.
    var limit: Int?
    /// The calls that are left.
    var remaining: Int?
    /// The time until the quota is given back, in whole seconds, rounded up by the server.
    var reset: Duration?
}
