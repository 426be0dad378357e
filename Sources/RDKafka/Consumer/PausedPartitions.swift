/// Which partitions the library has paused, and what to change so that it fits what is wanted.
///
/// Only what is in this set may be resumed: resuming a partition that is not paused rewinds it (librdkafka before 2.4).
struct PausedPartitions {
    private(set) var paused: Set<TopicPartition> = []

    /// Moves to what is wanted.
    ///
    /// - Returns: What to pause and what to resume, each sorted.
    mutating func change(to wanted: Set<TopicPartition>) -> (pause: [TopicPartition], resume: [TopicPartition]) {
        let pause = wanted.subtracting(paused).sorted()
        let resume = paused.subtracting(wanted).sorted()
        paused = wanted
        return (pause, resume)
    }
}
