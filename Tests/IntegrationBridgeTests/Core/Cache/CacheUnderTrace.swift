@testable import IntegrationBridge

/// The cache itself, as a policy: its values are so large that its tables do not count.
struct CacheUnderTrace: EvictionPolicy {
    private static let now = MonotonicInstant.now
    private static let hash = ByteHash(seed: 11)
    private static let valueBytes = 1 << 24
    private var cache: DocumentCache<Int>

    init(capacity: Int) {
        cache = DocumentCache(maximumBytes: capacity * (Self.valueBytes + 4096), seed: 1)
    }

    mutating func request(_ id: Int) -> Bool {
        withUnsafeBytes(of: id) { key in
            let hash = Self.hash(key)
            if case .fresh = cache.lookup(key, hash: hash, now: Self.now) { return true }
            cache.insert(
                id, for: Array(key), hash: hash, valueBytes: Self.valueBytes,
                lifetime: CacheLifetime(fresh: .seconds(300)), now: Self.now)
            return false
        }
    }
}
