/// Counts results of one batch or one flight, to be added to the totals at once.
struct ResultTally {
    private(set) var counts: [BridgeMetrics.ResultKind: Int] = [:]

    mutating func count(_ result: LookupResult, _ source: LookupSource) {
        let kind =
            switch result {
            case .resolved: BridgeMetrics.ResultKind(reason: nil, source: source)
            case .failed(let failure): BridgeMetrics.ResultKind(reason: failure.reason, source: source)
            }
        counts[kind, default: 0] += 1
    }
}
