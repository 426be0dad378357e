/// A queue of ids from which any can be taken out.
struct IDQueue {
    private(set) var count = 0
    private var newer: [Int32] = []
    private var older: [Int32] = []
    private var newest: Int32 = -1
    private var oldest: Int32 = -1
    private static var absent: Int32 { -2 }

    func contains(_ id: Int) -> Bool { id < newer.count && newer[id] != Self.absent }

    mutating func append(_ id: Int) {
        if id >= newer.count {
            let missing = id + 1 - newer.count + newer.count / 2
            newer.append(contentsOf: repeatElement(Self.absent, count: missing))
            older.append(contentsOf: repeatElement(Self.absent, count: missing))
        }
        newer[id] = -1
        older[id] = newest
        if newest >= 0 { newer[Int(newest)] = Int32(id) }
        newest = Int32(id)
        if oldest < 0 { oldest = newest }
        count += 1
    }

    /// Whether it was there.
    mutating func remove(_ id: Int) -> Bool {
        guard contains(id) else { return false }
        if newer[id] >= 0 { older[Int(newer[id])] = older[id] } else { newest = older[id] }
        if older[id] >= 0 { newer[Int(older[id])] = newer[id] } else { oldest = newer[id] }
        newer[id] = Self.absent
        count -= 1
        return true
    }

    mutating func popOldest() -> Int? {
        guard oldest >= 0 else { return nil }
        let id = Int(oldest)
        _ = remove(id)
        return id
    }
}
