/// Partitions that the group has given, or that are to be read again, while it is looked up where to begin.
struct PendingAssignment {
    let partitions: [TopicPartition]
    /// They are the library's already, and paused.
    var isRewind = false
    let deadline: ContinuousClock.Instant
    var nextAttempt: ContinuousClock.Instant
    var attempts = 0
}
