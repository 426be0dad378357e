internal import Synchronization

/// The totals, counted in once for each batch or flight and read on demand.
final class BridgeCounters: Sendable {
    private struct CallCount {
        var status: Int?
        var count: Int
    }

    private struct Totals {
        var metrics = BridgeMetrics()
        var results: [ResultTally.Count] = []
        var calls: [CallCount] = []
    }

    private let totals = Mutex(Totals())

    func countRequests(_ count: Int) {
        totals.withLock { $0.metrics.requests += count }
    }

    func count(_ tally: ResultTally) {
        totals.withLock { tally.add(to: &$0.results) }
    }

    /// A result that is counted, or will be, goes out as another one.
    func recount(_ result: LookupResult, as other: LookupResult, _ source: LookupSource) {
        totals.withLock { totals in
            ResultTally.add(.init(kind: ResultTally.kind(of: result, source), count: -1), to: &totals.results)
            ResultTally.add(.init(kind: ResultTally.kind(of: other, source), count: 1), to: &totals.results)
        }
    }

    func countCall(status: Int?) {
        totals.withLock { totals in
            // A few statuses at most, so that a search is cheaper than a hash.
            if let index = totals.calls.firstIndex(where: { $0.status == status }) {
                totals.calls[index].count += 1
            } else {
                totals.calls.append(CallCount(status: status, count: 1))
            }
        }
    }

    func countCommit(succeeded: Bool) {
        totals.withLock { totals in
            if succeeded { totals.metrics.commits.succeeded += 1 } else { totals.metrics.commits.failed += 1 }
        }
    }

    var snapshot: BridgeMetrics {
        totals.withLock { totals in
            var metrics = totals.metrics
            for result in totals.results where result.count > 0 { metrics.results[result.kind] = result.count }
            for call in totals.calls { metrics.apiCalls[call.status] = call.count }
            return metrics
        }
    }
}
