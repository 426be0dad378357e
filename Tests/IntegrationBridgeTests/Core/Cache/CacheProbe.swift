@testable import IntegrationBridge

/// A cache of strings by string, whose time is told in what has passed since its start.
struct CacheProbe {
    static let start = MonotonicInstant.now
    static let hash = ByteHash(seed: 3)
    /// What an entry of `bytes` takes beyond the tables.
    static func cost(of key: String, bytes: Int) -> Int {
        bytes + DocumentCache<String>.valueOverhead + HeapBytes.ofArray(of: UInt8.self, capacity: key.utf8.count)
    }

    var cache: DocumentCache<String>

    init(maximumBytes: Int = 100_000, seed: UInt64 = 1) {
        cache = DocumentCache(maximumBytes: maximumBytes, seed: seed)
    }

    /// Stores `value`, else "document of `key`".
    mutating func insert(
        _ key: String, value: String? = nil, bytes: Int = 100,
        lifetime: CacheLifetime = CacheLifetime(fresh: .seconds(60)), after passed: Duration = .zero
    ) {
        let bytesOfKey = Array(key.utf8)
        let hashed = bytesOfKey.withUnsafeBytes { Self.hash($0) }
        cache.insert(
            value ?? "document of \(key)", for: bytesOfKey, hash: hashed, valueBytes: bytes, lifetime: lifetime,
            now: Self.start + passed)
    }

    mutating func lookup(_ key: String, after passed: Duration = .zero) -> Hit {
        let hit = Array(key.utf8).withUnsafeBytes {
            cache.lookup($0, hash: Self.hash($0), now: Self.start + passed)
        }
        return switch hit {
        case .miss: .miss
        case .fresh(let value): .fresh(value)
        case .revalidate(let value): .revalidate(value)
        case .onlyIfError(let value): .onlyIfError(value)
        }
    }

    mutating func remove(_ key: String) {
        Array(key.utf8).withUnsafeBytes { cache.remove($0, hash: Self.hash($0)) }
    }

    /// A ``CacheHit`` that can be compared.
    enum Hit: Equatable {
        case miss
        case fresh(String)
        case revalidate(String)
        case onlyIfError(String)

        var value: String? {
            switch self {
            case .miss: nil
            case .fresh(let value), .revalidate(let value), .onlyIfError(let value): value
            }
        }
    }
}
