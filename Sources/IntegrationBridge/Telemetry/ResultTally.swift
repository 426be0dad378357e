/// Counts results of one batch or one flight, to be added to the totals at once.
struct ResultTally {
    /// A few kinds at most, so that a search is cheaper than a hash.
    private(set) var counts: [(kind: BridgeMetrics.ResultKind, count: Int)] = []

    static func kind(of result: LookupResult, _ source: LookupSource) -> BridgeMetrics.ResultKind {
        switch result {
        case .resolved: BridgeMetrics.ResultKind(reason: nil, source: source)
        case .failed(let failure): BridgeMetrics.ResultKind(reason: failure.reason, source: source)
        }
    }

    mutating func count(_ result: LookupResult, _ source: LookupSource) {
        let kind = Self.kind(of: result, source)
        if let index = counts.firstIndex(where: { $0.kind == kind }) {
            counts[index].count += 1
        } else {
            counts.append((kind, 1))
        }
    }
}
