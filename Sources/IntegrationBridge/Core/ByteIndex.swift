/// An open-addressing index from a hash to the number of an entry that its owner keeps.
///
/// The owner compares keys: so a look-up by raw bytes allocates nothing, and one key serves several tables.
struct ByteIndex: Sendable {
    private struct Slot: Sendable {
        /// The low half: what a place is made of, for up to 2^32 slots.
        var hash: UInt32
        var entry: Int32
        static let empty = Slot(hash: 0, entry: -1)
    }

    private var slots: [Slot]
    private(set) var count = 0

    init() {
        slots = Array(repeating: .empty, count: 64)
    }

    private var mask: Int { slots.count - 1 }

    /// The bytes that the index itself takes.
    var byteCount: Int { HeapBytes.ofArray(of: Slot.self, capacity: slots.count) }

    /// The bytes that another entry would add.
    var growthBytes: Int {
        guard isFull else { return 0 }
        return HeapBytes.ofArray(of: Slot.self, capacity: slots.count * 2) - byteCount
    }

    /// Whether it has to grow before the next entry: it is never more than three quarters full.
    private var isFull: Bool { (count + 1) * 4 > slots.count * 3 }

    /// The entry with this hash that the owner says is the one.
    func find(_ hash: UInt64, where isMatch: (Int) -> Bool) -> Int? {
        let hash = UInt32(truncatingIfNeeded: hash)
        var position = Int(hash) & mask
        while slots[position].entry >= 0 {
            if slots[position].hash == hash, isMatch(Int(slots[position].entry)) {
                return Int(slots[position].entry)
            }
            position = (position + 1) & mask
        }
        return nil
    }

    /// Adds an entry, which must not be there yet.
    mutating func insert(_ hash: UInt64, entry: Int) {
        if isFull { grow() }
        place(Slot(hash: UInt32(truncatingIfNeeded: hash), entry: Int32(entry)))
        count += 1
    }

    /// Removes an entry and closes the gap, so that no tombstones slow later look-ups.
    mutating func remove(_ hash: UInt64, entry: Int) {
        var hole = Int(truncatingIfNeeded: hash) & mask
        while Int(slots[hole].entry) != entry {
            guard slots[hole].entry >= 0 else { return }
            hole = (hole + 1) & mask
        }
        count -= 1
        var next = (hole + 1) & mask
        while slots[next].entry >= 0 {
            let home = Int(slots[next].hash) & mask
            if ((next - home) & mask) >= ((next - hole) & mask) {
                slots[hole] = slots[next]
                hole = next
            }
            next = (next + 1) & mask
        }
        slots[hole] = .empty
    }

    private mutating func place(_ slot: Slot) {
        var position = Int(slot.hash) & mask
        while slots[position].entry >= 0 { position = (position + 1) & mask }
        slots[position] = slot
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: .empty, count: old.count * 2)
        for slot in old where slot.entry >= 0 { place(slot) }
    }
}
