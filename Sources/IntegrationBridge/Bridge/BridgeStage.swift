/// Where a bridge's run is: what its orderly end waits for, should it take long.
public enum BridgeStage: String, Sendable {
    /// `run()` was not called yet, or still reads credentials and asks for topics.
    case starting
    /// Requests are taken in.
    case working
    /// Calls under way end, and their results are acknowledged or committed.
    case draining = "waiting for calls and results under way"
    /// The last offsets are committed.
    case committing = "committing offsets"
    /// The group is left.
    case leaving = "leaving the consumer group"
    /// The run's own tasks end.
    case endingTasks = "waiting for its tasks"
    /// Connections to the API and to the brokers are closed.
    case closing = "closing its clients"
    /// `run()` is over.
    case stopped
}
