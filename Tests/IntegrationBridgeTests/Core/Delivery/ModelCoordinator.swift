@testable import IntegrationBridge

/// The brokers' side of one transactional id: states and answers are those of Apache Kafka's transaction coordinator.
///
/// A transaction whose end was answered is completed some time later, when its markers are written: nobody reads its
/// outputs and offsets before that, and no other transaction begins.
struct ModelCoordinator {
    enum Refusal: Error {
        case fenced
        case staleMember
        /// An earlier transaction is being completed. The client's library asks again by itself.
        case concurrent
        /// There is no transaction to end, or it has ended in the other way: the producer is finished.
        case invalidState
    }

    enum Fate {
        case committed
        case aborted
    }

    enum State {
        /// No transaction since the producer took over.
        case empty
        case ongoing(since: MonotonicInstant)
        case ending(Fate, until: MonotonicInstant)
        case ended(Fate)
    }

    private(set) var epoch = 0
    private(set) var state = State.empty
    /// What the transaction commits, by partition.
    private(set) var offsets: [Int: Int64] = [:]

    var isOngoing: Bool {
        if case .ongoing = state { true } else { false }
    }

    /// Another producer takes over.
    ///
    /// - Parameter markers: When the markers of what is open are written.
    mutating func initialize(markers: MonotonicInstant) throws(Refusal) {
        switch state {
        case .ongoing:
            epoch += 1
            state = .ending(.aborted, until: markers)
            throw .concurrent
        case .ending: throw .concurrent
        case .empty, .ended:
            epoch += 1
            state = .empty
        }
    }

    /// Records or offsets are to go into the transaction, which begins where none is open.
    mutating func register(epoch: Int, now: MonotonicInstant) throws(Refusal) {
        guard epoch == self.epoch else { throw .fenced }
        switch state {
        case .ongoing: break
        case .ending: throw .concurrent
        case .empty, .ended:
            state = .ongoing(since: now)
            offsets = [:]
        }
    }

    mutating func add(offset: Int64, of partition: Int) {
        offsets[partition] = offset
    }

    mutating func end(_ fate: Fate, epoch: Int, markers: MonotonicInstant) throws(Refusal) {
        guard epoch == self.epoch else { throw .fenced }
        switch state {
        case .ongoing: state = .ending(fate, until: markers)
        case .ending(fate, _): throw .concurrent
        case .ended(fate): break
        case .empty, .ending, .ended: throw .invalidState
        }
    }

    func isOpen(for time: Duration, now: MonotonicInstant) -> Bool {
        if case .ongoing(let since) = state { since.duration(to: now) >= time } else { false }
    }

    /// Ends what has been open for too long, and shuts its producer out.
    mutating func expire(markers: MonotonicInstant) {
        epoch += 1
        state = .ending(.aborted, until: markers)
    }

    /// - Returns: how the transaction ended, where its markers are written by now.
    mutating func complete(now: MonotonicInstant) -> Fate? {
        guard case .ending(let fate, let until) = state, until <= now else { return nil }
        state = .ended(fate)
        return fate
    }

    /// What was to be committed has come into effect, or never will.
    mutating func forgetOffsets() {
        offsets = [:]
    }
}
