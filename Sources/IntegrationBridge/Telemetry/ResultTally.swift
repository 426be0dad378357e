/// Counts results of one batch or one flight, to be added to the totals at once.
struct ResultTally {
    struct Count: Sendable {
        var kind: BridgeMetrics.ResultKind
        var count: Int
    }

    // Nearly always there is one kind, and then nothing is allocated.
    private var first: Count?
    private var rest: [Count] = []

    static func kind(of result: LookupResult, _ source: LookupSource) -> BridgeMetrics.ResultKind {
        switch result {
        case .resolved: BridgeMetrics.ResultKind(reason: nil, source: source)
        case .failed(let failure): BridgeMetrics.ResultKind(reason: failure.reason, source: source)
        }
    }

    mutating func count(_ result: LookupResult, _ source: LookupSource) {
        let kind = Self.kind(of: result, source)
        guard let first else {
            self.first = Count(kind: kind, count: 1)
            return
        }
        if first.kind == kind {
            self.first?.count += 1
        } else if let index = rest.firstIndex(where: { $0.kind == kind }) {
            rest[index].count += 1
        } else {
            rest.append(Count(kind: kind, count: 1))
        }
    }

    /// Adds what was counted to totals.
    func add(to totals: inout [Count]) {
        if let first { Self.add(first, to: &totals) }
        for count in rest { Self.add(count, to: &totals) }
    }

    /// A few kinds at most, so that a search is cheaper than a hash.
    static func add(_ count: Count, to totals: inout [Count]) {
        if let index = totals.firstIndex(where: { $0.kind == count.kind }) {
            totals[index].count += count.count
        } else {
            totals.append(count)
        }
    }
}
