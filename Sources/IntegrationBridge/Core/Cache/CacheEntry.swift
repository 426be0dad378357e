/// One entry of the cache: a link in its queue, or in the list of entries that are free.
///
/// At most a cache line for a value that is a reference: a cache of small documents holds a hundred thousand of them.
struct CacheEntry<Value: Sendable>: Sendable {
    var key: [UInt8]
    /// `nil` where the entry is free.
    var value: Value?
    var freshUntil: MonotonicInstant
    /// Milliseconds after ``freshUntil``.
    private var revalidate: UInt32
    private var ifError: UInt32
    /// What of the hash the index keeps.
    var hash: UInt32
    /// What it takes beyond the tables.
    var cost: UInt32
    /// The entry that came after it; of a free one, the next that is free.
    var newer: Int32 = -1
    var older: Int32 = -1
    var wasAskedFor = false

    init(
        key: [UInt8], hash: UInt32, value: Value, cost: UInt32, freshUntil: MonotonicInstant,
        lifetime: CacheLifetime
    ) {
        self.key = key
        self.hash = hash
        self.value = value
        self.cost = cost
        self.freshUntil = freshUntil
        revalidate = lifetime.revalidateMilliseconds
        ifError = lifetime.ifErrorMilliseconds
    }

    /// What it is good for, once it is not fresh any more.
    enum Use {
        case revalidate, onlyIfError, none
    }

    func staleUse(at now: MonotonicInstant) -> Use {
        let age = freshUntil.duration(to: now)
        if age < .milliseconds(revalidate) { return .revalidate }
        if age < .milliseconds(ifError) { return .onlyIfError }
        return .none
    }

    func isGone(at now: MonotonicInstant) -> Bool {
        freshUntil <= now && staleUse(at: now) == .none
    }
}
