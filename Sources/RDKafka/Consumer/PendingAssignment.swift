/// Partitions that the group has given, while it is looked up where to begin.
struct PendingAssignment {
    let partitions: [TopicPartition]
    let deadline: ContinuousClock.Instant
    var nextAttempt: ContinuousClock.Instant
    var attempts = 0
}
