/// Answers by integration id, bounded in bytes and in time.
///
/// Eviction is SIEVE (Zhang et al., NSDI 2024): a queue in the order of arrival, one mark per entry that was asked for
/// again, and a hand that takes the first entry without a mark. A scan of cold ids does not wash out the hot ones.
///
/// Where its tables would have to grow past the limit, entries go instead. Tables do not shrink.
struct DocumentCache<Value: Sendable>: Sendable {
    /// What a value can take beyond the bytes that its owner counts: two allocations, rounded up.
    static var valueOverhead: Int { 40 }

    let maximumBytes: Int
    /// What entries and tables take of the heap.
    private(set) var byteCount = 0
    /// Entries that had to go because others came.
    private(set) var evictions = 0
    var count: Int { index.count }

    private var random: SplitMix64
    private var entries: [CacheEntry<Value>] = []
    private var index = ByteIndex()
    /// What of ``byteCount`` is `entries` and `index`, with their spare capacity.
    private(set) var tableBytes = 0
    private var free: Int32 = -1
    private var newest: Int32 = -1
    private var oldest: Int32 = -1
    private var hand: Int32 = -1

    /// - Parameters:
    ///   - maximumBytes: 0 turns the cache off.
    ///   - seed: what the jitter of lifetimes is drawn from.
    init(maximumBytes: Int, seed: UInt64) {
        self.maximumBytes = maximumBytes
        random = SplitMix64(seed: seed)
    }

    // MARK: Looking up

    mutating func lookup(
        _ key: UnsafeRawBufferPointer, hash: UInt64, now: MonotonicInstant
    ) -> CacheHit<Value> {
        guard let slot = find(key, hash), let value = entries[slot].value else { return .miss }
        if now < entries[slot].freshUntil {
            if !entries[slot].wasAskedFor { entries[slot].wasAskedFor = true }
            return .fresh(value)
        }
        switch entries[slot].staleUse(at: now) {
        case .revalidate:
            entries[slot].wasAskedFor = true
            return .revalidate(value)
        case .onlyIfError:
            entries[slot].wasAskedFor = true
            return .onlyIfError(value)
        case .none:
            remove(slot)
            return .miss
        }
    }

    private func find(_ key: UnsafeRawBufferPointer, _ hash: UInt64) -> Int? {
        index.find(hash) { slot in
            entries[slot].key.withUnsafeBytes { $0.hasSameBytes(as: key) }
        }
    }

    // MARK: Storing

    /// Stores a value in place of the one that was there. One that is larger than the whole cache, or that may never be
    /// used, is not stored.
    mutating func insert(
        _ value: Value, for key: [UInt8], hash: UInt64, valueBytes: Int, lifetime: CacheLifetime,
        now: MonotonicInstant
    ) {
        let found = key.withUnsafeBytes { find($0, hash) }
        let cost = valueBytes + Self.valueOverhead + HeapBytes.ofArray(of: UInt8.self, capacity: key.count)
        guard !lifetime.isEmpty, cost + max(tableBytes, growthBytes) <= maximumBytes,
            let cost = UInt32(exactly: cost)
        else {
            if let found { remove(found) }
            return
        }
        let entry = CacheEntry(
            key: key, hash: UInt32(truncatingIfNeeded: hash), value: value, cost: cost,
            freshUntil: lifetime.freshUntil(from: now, using: &random), lifetime: lifetime)
        if let found {
            replace(found, by: entry, now)
        } else {
            add(entry, hash, now)
        }
    }

    /// Forgets an id.
    mutating func remove(_ key: UnsafeRawBufferPointer, hash: UInt64) {
        if let found = find(key, hash) { remove(found) }
    }

    /// It keeps its place, and counts as asked for: that is why it was fetched again.
    private mutating func replace(_ slot: Int, by entry: CacheEntry<Value>, _ now: MonotonicInstant) {
        var entry = entry
        entry.key = entries[slot].key
        entry.newer = entries[slot].newer
        entry.older = entries[slot].older
        entry.wasAskedFor = true
        byteCount += Int(entry.cost) - Int(entries[slot].cost)
        entries[slot] = entry
        while byteCount > maximumBytes { evict(now) }
    }

    private mutating func add(_ entry: CacheEntry<Value>, _ hash: UInt64, _ now: MonotonicInstant) {
        while byteCount + Int(entry.cost) + growthBytes > maximumBytes { evict(now) }
        let slot: Int
        if free >= 0 {
            slot = Int(free)
            free = entries[slot].newer
            entries[slot] = entry
        } else {
            if entries.count == entries.capacity { entries.reserveCapacity(Self.grown(entries.capacity)) }
            slot = entries.count
            entries.append(entry)
        }
        entries[slot].older = newest
        if newest >= 0 { entries[Int(newest)].newer = Int32(slot) }
        newest = Int32(slot)
        if oldest < 0 { oldest = newest }
        index.insert(hash, entry: slot)
        byteCount += Int(entry.cost) - tableBytes
        tableBytes = HeapBytes.ofArray(of: CacheEntry<Value>.self, capacity: entries.capacity) + index.byteCount
        byteCount += tableBytes
    }

    // MARK: Making room

    /// Takes out the first entry from the hand on that nobody asked for again, or that is of no use any more.
    private mutating func evict(_ now: MonotonicInstant) {
        var candidate = hand >= 0 ? hand : oldest
        guard candidate >= 0 else { return }
        while entries[Int(candidate)].wasAskedFor, !entries[Int(candidate)].isGone(at: now) {
            entries[Int(candidate)].wasAskedFor = false
            let newer = entries[Int(candidate)].newer
            candidate = newer >= 0 ? newer : oldest
        }
        hand = candidate
        remove(Int(candidate))
        evictions += 1
    }

    private mutating func remove(_ slot: Int) {
        let newer = entries[slot].newer
        let older = entries[slot].older
        if hand == slot { hand = newer }
        if newer >= 0 { entries[Int(newer)].older = older } else { newest = older }
        if older >= 0 { entries[Int(older)].newer = newer } else { oldest = newer }
        index.remove(UInt64(entries[slot].hash), entry: slot)
        byteCount -= Int(entries[slot].cost)
        entries[slot].value = nil
        entries[slot].key = []
        entries[slot].newer = free
        free = Int32(slot)
    }
}

// MARK: Counting

extension DocumentCache {
    private static var smallestTable: Int { 16 }

    /// What another entry would add to the tables.
    private var growthBytes: Int {
        guard free < 0, entries.count == entries.capacity else { return index.growthBytes }
        let grown = HeapBytes.ofArray(of: CacheEntry<Value>.self, capacity: Self.grown(entries.capacity))
        return grown + index.growthBytes + index.byteCount - tableBytes
    }

    /// By a quarter at a time: doubling would leave up to half of a table of megabytes unused.
    private static func grown(_ capacity: Int) -> Int { max(smallestTable, capacity + capacity / 4) }
}
