/// A fault of the whole API, for as long as it is set.
public enum Outage: Sendable, Hashable {
    /// Every call gets this status.
    case status(Int)
    /// No call gets an answer.
    case hang
    /// Every connection is reset.
    case reset
}
