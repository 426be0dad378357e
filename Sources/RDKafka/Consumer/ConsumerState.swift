internal import Synchronization

/// What a consumer's callers and its poll thread share.
final class ConsumerState: Sendable {
    struct Assignment {
        var partitions: [TopicPartition: AssignedPartition] = [:]
        /// Off from the moment in which the last commit of a revoke is sent, or the assignment is known to be lost.
        var acceptsCommits = false
        /// What the caller has paused; kept over assignments.
        var callerPaused: Set<TopicPartition> = []
        /// Raised by every change of `callerPaused`.
        var pauseRevision = 0
        /// Set by `close`: until when the poll thread may take to leave the group.
        var closeDeadline: ContinuousClock.Instant?
        var queue: NativeQueue?
        /// The membership that came with the assignment; nil where it was lost at once.
        var membership: ConsumerGroupMetadata?
        /// Who waits for a rewind that the poll thread has not seen yet.
        var rewinds: [Rewind] = []

        /// Nothing of the partitions may be committed any more.
        mutating func endAssignment() {
            partitions = [:]
            acceptsCommits = false
            membership = nil
        }
    }

    let assignment = Mutex(Assignment())
    let mailbox = BatchMailbox()
    /// Fires when the poll thread has ended.
    let ended = Signal()

    /// The client, for as long as there is one; whoever has it keeps it.
    func queue() throws(KafkaError) -> NativeQueue {
        guard let queue = assignment.withLock({ $0.queue }) else { throw .closed("consumer") }
        return queue
    }

    /// Ends the poll thread's wait.
    func wake() {
        assignment.withLock { $0.queue }?.wake()
        mailbox.interruptWait()
    }

    /// Asks the poll thread to leave; the first deadline counts.
    func requestClose(by deadline: ContinuousClock.Instant) {
        assignment.withLock { state in
            if state.closeDeadline == nil { state.closeDeadline = deadline }
        }
        wake()
    }
}
