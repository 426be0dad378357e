internal import Synchronization

/// The totals, counted in once for each batch or flight and read on demand.
final class BridgeCounters: Sendable {
    private let totals = Mutex(BridgeMetrics())

    func countRequests(_ count: Int) {
        totals.withLock { $0.requests += count }
    }

    func count(_ tally: ResultTally) {
        guard !tally.counts.isEmpty else { return }
        totals.withLock { totals in
            for (kind, count) in tally.counts { totals.results[kind, default: 0] += count }
        }
    }

    /// A result that is counted, or will be, goes out as another one.
    func recount(_ result: LookupResult, as other: LookupResult, _ source: LookupSource) {
        totals.withLock { totals in
            totals.results[ResultTally.kind(of: result, source), default: 0] -= 1
            totals.results[ResultTally.kind(of: other, source), default: 0] += 1
        }
    }

    func countCall(status: Int?) {
        totals.withLock { $0.apiCalls[status, default: 0] += 1 }
    }

    func countCommit(succeeded: Bool) {
        totals.withLock { totals in
            if succeeded { totals.commits.succeeded += 1 } else { totals.commits.failed += 1 }
        }
    }

    var snapshot: BridgeMetrics { totals.withLock { $0 } }
}
