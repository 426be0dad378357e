/// The reference that any policy has to beat: what was not asked for the longest goes first.
struct LeastRecentlyUsed: EvictionPolicy {
    private var queue = IDQueue()
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    mutating func request(_ id: Int) -> Bool {
        let isHit = queue.remove(id)
        if queue.count == capacity { _ = queue.popOldest() }
        queue.append(id)
        return isHit
    }
}
