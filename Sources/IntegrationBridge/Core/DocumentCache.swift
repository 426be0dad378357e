/// Answers by integration id, bounded in bytes.
///
/// Eviction is SIEVE (Zhang et al., NSDI 2024): a queue in the order of arrival, one mark per entry that was asked for
/// again, and a hand that takes the first entry without a mark. A scan of cold ids does not wash out the hot ones.
struct DocumentCache<Document: Sendable>: Sendable {
    private struct Entry: Sendable {
        var key: [UInt8]
        var hash: UInt64
        var document: Document
        var cost: Int
        var expires: ContinuousClock.Instant
        var wasAskedFor: Bool
        var newer: Int
        var older: Int
    }

    /// What one entry takes beyond its document and its key: itself, its slot in the index, two allocations' headers.
    static var entryOverhead: Int { MemoryLayout<Entry>.stride + 96 }

    let maximumBytes: Int
    private(set) var byteCount = 0
    var count: Int { index.count }

    private var entries: [Entry?] = []
    private var free: [Int] = []
    private var index = ByteIndex()
    private var newest = -1
    private var oldest = -1
    private var hand = -1

    init(maximumBytes: Int) {
        self.maximumBytes = maximumBytes
    }

    mutating func document(
        for key: UnsafeRawBufferPointer, hash: UInt64, now: ContinuousClock.Instant
    ) -> Document? {
        guard let found = find(key, hash) else { return nil }
        guard let entry = entries[found], entry.expires > now else {
            remove(found)
            return nil
        }
        if !entry.wasAskedFor { entries[found]?.wasAskedFor = true }
        return entry.document
    }

    /// Stores a document in place of the one that was there; one larger than the whole cache is not stored.
    mutating func insert(
        _ document: Document, for key: [UInt8], hash: UInt64, documentBytes: Int, expires: ContinuousClock.Instant
    ) {
        if let found = key.withUnsafeBytes({ find($0, hash) }) { remove(found) }
        let cost = documentBytes + key.count + Self.entryOverhead
        guard cost <= maximumBytes else { return }
        while byteCount + cost > maximumBytes { evict() }
        let entry = Entry(
            key: key, hash: hash, document: document, cost: cost, expires: expires, wasAskedFor: false, newer: -1,
            older: newest)
        let slot: Int
        if let reused = free.popLast() {
            slot = reused
            entries[slot] = entry
        } else {
            slot = entries.count
            entries.append(entry)
        }
        if newest >= 0 { entries[newest]?.newer = slot }
        newest = slot
        if oldest < 0 { oldest = slot }
        index.insert(hash, entry: slot)
        byteCount += cost
    }

    private func find(_ key: UnsafeRawBufferPointer, _ hash: UInt64) -> Int? {
        index.find(hash) { slot in
            entries[slot]?.key.withUnsafeBytes { $0.elementsEqual(key) } ?? false
        }
    }

    private mutating func evict() {
        var candidate = hand >= 0 ? hand : oldest
        while candidate >= 0, let entry = entries[candidate], entry.wasAskedFor {
            entries[candidate]?.wasAskedFor = false
            candidate = entry.newer >= 0 ? entry.newer : oldest
        }
        guard candidate >= 0 else { return }
        hand = entries[candidate]?.newer ?? -1
        remove(candidate)
    }

    private mutating func remove(_ slot: Int) {
        guard let entry = entries[slot] else { return }
        if hand == slot { hand = entry.newer }
        if entry.newer >= 0 { entries[entry.newer]?.older = entry.older } else { newest = entry.older }
        if entry.older >= 0 { entries[entry.older]?.newer = entry.newer } else { oldest = entry.newer }
        index.remove(entry.hash, entry: slot)
        byteCount -= entry.cost
        entries[slot] = nil
        free.append(slot)
    }
}
