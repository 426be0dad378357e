@testable import IntegrationBridge

/// One ``Admission`` with a clock that is moved by hand.
struct AdmissionDriver {
    static let backoff = RetrySchedule(initial: .milliseconds(500), maximum: .seconds(30))

    let start = MonotonicInstant.now
    var admission: Admission
    var elapsed = Duration.zero

    init(maxInFlight: Int = 64, maxRequestsPerSecond: Double? = nil, seed: UInt64 = 1) {
        let limits = Admission.Limits(
            maxInFlight: maxInFlight, maxRequestsPerSecond: maxRequestsPerSecond, gateBackoff: Self.backoff)
        admission = Admission(limits: limits, seed: seed, now: start)
    }

    var now: MonotonicInstant { start + elapsed }

    /// Starts all calls that are permitted now.
    mutating func startAll(limit: Int = 1000) -> [CallTicket] {
        var tickets: [CallTicket] = []
        while tickets.count < limit, admission.decide(now: now) == .permitted {
            tickets.append(admission.started(now: now))
        }
        return tickets
    }

    mutating func end(_ tickets: [CallTicket], _ fate: CallFate = .answered, _ report: BudgetReport? = nil) {
        for ticket in tickets { admission.ended(ticket, fate, report, now: now) }
    }

    /// Makes calls for a time, each answered after the latency; wakes up when it is told to.
    ///
    /// - Returns: when each call was sent, and how many were under way at most.
    mutating func run(
        for duration: Duration, latency: Duration, report: (Duration) -> BudgetReport?
    ) -> (sent: [Duration], most: Int) {
        let end = elapsed + duration
        var underWay: [CallTicket] = []
        var sent: [Duration] = []
        var most = 0
        while true {
            let started = startAll()
            underWay += started
            sent += started.map { _ in elapsed }
            most = max(most, underWay.count)
            var next = underWay.first.map { start.duration(to: $0.sentAt) + latency } ?? end
            if case .waitUntil(let until) = admission.decide(now: now) { next = min(next, start.duration(to: until)) }
            guard next < end else { break }
            elapsed = max(next, elapsed + .microseconds(1))
            while let first = underWay.first, first.sentAt + latency <= now {
                self.end([underWay.removeFirst()], .answered, report(elapsed))
            }
        }
        elapsed = end
        self.end(underWay, .unanswered)
        return (sent, most)
    }
}
