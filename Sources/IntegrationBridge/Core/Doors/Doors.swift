/// The doors that every call passes: credentials, breaker, gate and pace. While one is closed no call is started, and what
/// waits loses neither attempts nor time.
struct Doors: Sendable {
    /// Why no call is made.
    enum Closed: Hashable, Sendable {
        case rateLimited
        case apiFailing
        case unauthorized
    }

    /// What a call remembers of the doors it passed.
    struct Ticket: Sendable {
        fileprivate var admission: CallTicket
        fileprivate var breaker: CircuitBreaker.Ticket
        fileprivate var credentials: CredentialsDoor.Ticket
    }

    /// What a call's end means for the doors.
    enum Fate: Sendable {
        /// An answer that shows the API at work, whatever it was.
        case passed
        /// It failed in a way that may pass; `answered`: there was an HTTP response.
        case failed(answered: Bool)
        /// 429.
        case rateLimited(retryAfter: Duration?)
        /// The credentials were refused, and there are no others.
        case unauthorized
        /// The credentials were refused, and there are others now; or the call says nothing at all.
        case inconclusive
    }

    private(set) var admission: Admission
    private(set) var breaker: CircuitBreaker
    private(set) var credentials: CredentialsDoor
    private var closedTime = ClosedTime()
    private let start: MonotonicInstant

    init(limits: ResolverLimits, seed: UInt64, now: MonotonicInstant) {
        admission = Admission(
            limits: Admission.Limits(
                maxInFlight: limits.maxInFlight, maxRequestsPerSecond: limits.maxRequestsPerSecond,
                gateBackoff: limits.doorBackoff), seed: seed, now: now)
        breaker = CircuitBreaker(limits: limits.breaker, now: now)
        credentials = CredentialsDoor(backoff: limits.doorBackoff)
        start = now
    }

    /// Why calls wait; `nil` where they only wait for their turn.
    func closed(at now: MonotonicInstant) -> Closed? {
        if !credentials.isOpen { return .unauthorized }
        if !breaker.isClosed { return .apiFailing }
        return admission.isGateClosed(at: now) ? .rateLimited : nil
    }

    /// Whether a call may be started now.
    mutating func decide(now: MonotonicInstant) -> Admission.Decision {
        defer { settle(now) }
        guard credentials.permits(now: now) else { return wait(until: credentials.changesAt) }
        guard breaker.permits(now: now) else { return wait(until: breaker.changesAt) }
        return admission.decide(now: now)
    }

    private func wait(until time: MonotonicInstant?) -> Admission.Decision {
        time.map { .waitUntil($0) } ?? .waitForAnswer
    }

    mutating func started(now: MonotonicInstant) -> Ticket {
        Ticket(
            admission: admission.started(now: now), breaker: breaker.started(), credentials: credentials.started())
    }

    /// A call has ended.
    ///
    /// - Returns: whether a failure is the record's own and costs it an attempt, and what became of the doors.
    mutating func ended(
        _ ticket: Ticket, _ fate: Fate, _ budget: BudgetReport?, id: UInt64, now: MonotonicInstant,
        using random: inout SplitMix64
    ) -> (isCharged: Bool, events: [DoorEvent]) {
        var events: [DoorEvent] = []
        let gateWasClosed = admission.isGateClosed(at: now)
        admission.ended(ticket.admission, fate.callFate, budget, now: now)
        if !gateWasClosed, let until = admission.gateClosedUntil, until > now {
            events.append(.gateClosed(for: now.duration(to: until)))
        }
        if case .unauthorized = fate {
            if let change = credentials.refused(ticket.credentials, now: now, using: &random) {
                events.append(.credentials(change))
            }
        } else {
            // A server that fails has not looked at them, or has: only an answer tells.
            if let change = credentials.ended(ticket.credentials, isAccepted: fate.isPassed) {
                events.append(.credentials(change))
            }
        }
        let (isCharged, change) = breaker.ended(ticket.breaker, failed: fate.isFailure, id: id, now: now)
        if let change { events.append(.breaker(change)) }
        settle(now)
        return (isCharged, events)
    }

    /// There are other credentials now, or none.
    mutating func credentialsChanged(areThere: Bool, now: MonotonicInstant) {
        credentials.changed(areThere: areThere)
        settle(now)
    }

    /// Opens what is due, also while nothing waits for it.
    mutating func tick(now: MonotonicInstant) {
        _ = credentials.permits(now: now)
        _ = breaker.permits(now: now)
        settle(now)
    }

    /// When a door opens by itself.
    func opensAt(now: MonotonicInstant) -> MonotonicInstant? {
        switch closed(at: now) {
        case .unauthorized: credentials.changesAt
        case .apiFailing: breaker.changesAt
        case .rateLimited: admission.gateClosedUntil
        case nil: nil
        }
    }

    /// Time that has passed with all doors open.
    func openTime(_ now: MonotonicInstant) -> Duration {
        start.duration(to: now) - closedTime.total(now: now)
    }

    private mutating func settle(_ now: MonotonicInstant) {
        closedTime.set(closed: closed(at: now) != nil, now: now)
    }
}

extension Doors.Fate {
    fileprivate var callFate: CallFate {
        switch self {
        case .passed, .unauthorized, .failed(answered: true): .answered
        case .failed(answered: false), .inconclusive: .unanswered
        case .rateLimited(let after): .refused(retryAfter: after)
        }
    }

    fileprivate var isPassed: Bool {
        if case .passed = self { true } else { false }
    }

    /// `nil` where it tells nothing of the API's health.
    fileprivate var isFailure: Bool? {
        switch self {
        case .passed: false
        case .failed: true
        case .rateLimited, .unauthorized, .inconclusive: nil
        }
    }
}
