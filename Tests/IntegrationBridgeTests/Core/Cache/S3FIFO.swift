/// S3-FIFO (Yang et al., SOSP 2023): a small queue for newcomers, a main queue for what was asked for again there, and the
/// ids that were lately turned away from it.
struct S3FIFO: EvictionPolicy {
    private var small = IDQueue()
    private var main = IDQueue()
    private var ghosts = IDQueue()
    private var uses: [UInt8] = []
    private let smallCapacity: Int
    private let mainCapacity: Int

    init(capacity: Int) {
        smallCapacity = max(1, capacity / 10)
        mainCapacity = capacity - smallCapacity
    }

    mutating func request(_ id: Int) -> Bool {
        if small.contains(id) || main.contains(id) {
            uses[id] = min(uses[id] + 1, 3)
            return true
        }
        if id >= uses.count { uses.append(contentsOf: repeatElement(0, count: id + 1 - uses.count + uses.count / 2)) }
        let wasTurnedAway = ghosts.remove(id)
        while small.count + main.count >= smallCapacity + mainCapacity { makeRoom() }
        uses[id] = 0
        if wasTurnedAway { main.append(id) } else { small.append(id) }
        return false
    }

    private mutating func makeRoom() {
        guard small.count >= smallCapacity, let newcomer = small.popOldest() else { return evictFromMain() }
        if uses[newcomer] > 1 {
            uses[newcomer] = 0
            main.append(newcomer)
            if main.count > mainCapacity { evictFromMain() }
        } else {
            if ghosts.count == mainCapacity { _ = ghosts.popOldest() }
            ghosts.append(newcomer)
        }
    }

    private mutating func evictFromMain() {
        while let id = main.popOldest() {
            guard uses[id] > 0 else { return }
            uses[id] -= 1
            main.append(id)
        }
    }
}
