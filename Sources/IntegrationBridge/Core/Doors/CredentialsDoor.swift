/// Closed while the API refuses the credentials, or while there are none yet: the bridge is at fault then, not a record.
///
/// It is tried again with backoff, one call at a time, and at once when the credentials change.
struct CredentialsDoor: Sendable {
    enum State: Hashable, Sendable {
        case accepted
        /// None to call with yet.
        case missing
        case refused(until: MonotonicInstant)
        /// One call tells whether they are accepted.
        case probing(isUnderWay: Bool)
    }

    enum Change: Hashable, Sendable {
        case refused(for: Duration)
        case accepted
    }

    /// The state that a call was started in: answers to calls of an earlier one are old news.
    typealias Ticket = UInt32

    private(set) var state = State.accepted
    private let backoff: RetrySchedule
    private var era: Ticket = 0
    private var refusals = 0

    init(backoff: RetrySchedule) {
        self.backoff = backoff
    }

    var isOpen: Bool { state == .accepted }

    /// When it changes by itself.
    var changesAt: MonotonicInstant? {
        if case .refused(let until) = state { until } else { nil }
    }

    mutating func permits(now: MonotonicInstant) -> Bool {
        switch state {
        case .accepted: return true
        case .missing: return false
        case .refused(let until):
            guard now >= until else { return false }
            enter(.probing(isUnderWay: false))
            return true
        case .probing(let isUnderWay): return !isUnderWay
        }
    }

    mutating func started() -> Ticket {
        if case .probing = state { state = .probing(isUnderWay: true) }
        return era
    }

    /// They were refused, and no others are at hand.
    mutating func refused(
        _ ticket: Ticket, now: MonotonicInstant, using random: inout SplitMix64
    ) -> Change? {
        guard ticket == era else { return nil }
        refusals += 1
        // Half of the wait is drawn: a wait near zero would ask again with what was refused a moment ago.
        let ceiling = backoff.ceiling(afterAttempt: refusals)
        let wait = ceiling * Double.random(in: 0.5...1, using: &random)
        enter(.refused(until: now + wait))
        return .refused(for: wait)
    }

    /// A call got through, or ended for another reason.
    mutating func ended(_ ticket: Ticket, isAccepted: Bool) -> Change? {
        guard ticket == era, case .probing = state else { return nil }
        guard isAccepted else {
            state = .probing(isUnderWay: false)
            return nil
        }
        let wasRefused = refusals > 0
        refusals = 0
        enter(.accepted)
        return wasRefused ? .accepted : nil
    }

    /// There are others now, or the first, or none any more.
    mutating func changed(areThere: Bool) {
        guard areThere else { return enter(.missing) }
        if state != .accepted { enter(.probing(isUnderWay: false)) }
    }

    private mutating func enter(_ state: State) {
        self.state = state
        era &+= 1
    }
}
