/// What happened between two readings of one window.
struct Spending: Sendable {
    /// Calls of other bridges.
    var byOthers: Double
    /// Calls of all.
    var total: Double
    /// Calls that *one* would have made who spends the rest evenly until the reset.
    var evenSpending: Double
}
