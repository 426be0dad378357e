/// A cache of ids that all take the same room.
protocol EvictionPolicy {
    init(capacity: Int)
    /// Whether the id was there; it is afterwards.
    mutating func request(_ id: Int) -> Bool
}

extension EvictionPolicy {
    /// The share of requests for hot ids that are found, from `counted` on.
    static func hitRatio(_ trace: RequestTrace, capacity: Int) -> Double {
        var policy = Self(capacity: capacity)
        var hits = 0
        var requests = 0
        for (position, id) in trace.ids.enumerated() {
            let isHit = policy.request(id)
            guard trace.counted.contains(position), id < trace.hotIDs else { continue }
            requests += 1
            if isHit { hits += 1 }
        }
        return Double(hits) / Double(requests)
    }
}
