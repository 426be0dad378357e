import Testing

@testable import IntegrationBridge

/// A machine of texts, and what tests do with it.
enum MachineSupport {
    struct Waiter: FlightWaiter, Hashable {
        var assignment: UInt32 = 1
        var number = 0
        var heldBytes = 100
    }

    typealias Machine = ResolverMachine<Waiter, String, String>

    static func limits(
        maxInFlight: Int = 4, maxAttempts: Int = 3, retryFor: Duration = .seconds(120), cache: Int = 100_000,
        ceiling: Double? = nil, heldBytes: Int = 10_000
    ) -> ResolverLimits {
        ResolverLimits(
            maxInFlight: maxInFlight, maxHeldBytes: heldBytes, maxAttempts: maxAttempts, retryFor: retryFor,
            backoff: RetrySchedule(initial: .milliseconds(200), maximum: .seconds(10)), maxRequestsPerSecond: ceiling,
            doorBackoff: RetrySchedule(initial: .seconds(1), maximum: .seconds(60)),
            breaker: CircuitBreaker.Limits(
                failureRatio: 0.5, window: .seconds(10), minimumCalls: 20, openFor: .seconds(5)),
            cacheMaxBytes: cache,
            documentLifetime: CacheLifetime(fresh: .seconds(300), revalidate: .seconds(60), ifError: .seconds(3600)),
            failureLifetime: CacheLifetime(fresh: .seconds(30)))
    }

    static func machine(_ limits: ResolverLimits = limits(), seed: UInt64 = 1, now: MonotonicInstant) -> Machine {
        Machine(limits: limits, seed: seed, now: now)
    }
}

extension ResolverMachine<MachineSupport.Waiter, String, String> {
    typealias Waiter = MachineSupport.Waiter

    /// What the cache answers; else the record waits.
    mutating func ask(
        _ id: String, _ waiter: MachineSupport.Waiter = MachineSupport.Waiter(), now: MonotonicInstant
    ) -> (text: String, isStale: Bool)? {
        let answer = Array(id.utf8).withUnsafeBytes { admit($0, hash: hash(of: $0), now: now) { waiter } }
        return answer.map { ($0.outcome.text, $0.isStale) }
    }

    mutating func nextCall(now: MonotonicInstant) -> Call? {
        if case .call(let call) = nextWork(now: now) { call } else { nil }
    }

    mutating func nextLanding(now: MonotonicInstant) -> Landing? {
        if case .landed(let landing) = nextWork(now: now) { landing } else { nil }
    }

    mutating func finish(
        _ call: Call, _ verdict: CallVerdict<String, String>, budget: BudgetReport? = nil, now: MonotonicInstant
    ) -> FlightCompletion<MachineSupport.Waiter, String, String> {
        complete(call, CallAnswer(verdict, budget: budget), now: now).completion
    }

    /// Resolves one id, so that the cache has it.
    mutating func fill(_ id: String, now: MonotonicInstant) {
        _ = ask(id, now: now)
        if let call = nextCall(now: now), case .landed(let landing) = finish(call, .resolved(id, bytes: 10), now: now) {
            for waiter in landing.waiters { release(waiter.heldBytes) }
        }
    }
}

extension ResolverMachine.Call {
    var text: String { String(decoding: id, as: UTF8.self) }
}

extension FlightOutcome<String, String> {
    var text: String {
        switch self {
        case .resolved(let text), .failed(let text): text
        }
    }
}

extension FlightCompletion<MachineSupport.Waiter, String, String> {
    var landing: FlightLanding<MachineSupport.Waiter, String, String>? {
        if case .landed(let landing) = self { landing } else { nil }
    }
}
