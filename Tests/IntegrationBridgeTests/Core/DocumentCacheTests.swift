import Testing

@testable import IntegrationBridge

@Suite("DocumentCache")
struct DocumentCacheTests {
    private let start = ContinuousClock.now
    private let hash = ByteHash(seed: 3)

    private func insert(
        _ key: String, into cache: inout DocumentCache<String>, bytes: Int = 100, at now: ContinuousClock.Instant? = nil
    ) {
        let bytesOfKey = Array(key.utf8)
        let hashed = bytesOfKey.withUnsafeBytes { hash($0) }
        cache.insert(
            "document of \(key)", for: bytesOfKey, hash: hashed, documentBytes: bytes,
            expires: (now ?? start) + .seconds(60))
    }

    private func find(_ key: String, in cache: inout DocumentCache<String>, after: Duration = .zero) -> String? {
        Array(key.utf8).withUnsafeBytes { cache.document(for: $0, hash: hash($0), now: start + after) }
    }

    @Test("What is stored is found until its time is up, and then no more")
    func timeToLive() {
        var cache = DocumentCache<String>(maximumBytes: 100_000)
        insert("a", into: &cache)
        #expect(find("a", in: &cache, after: .seconds(59)) == "document of a")
        #expect(find("b", in: &cache) == nil)
        #expect(find("a", in: &cache, after: .seconds(60)) == nil)
        #expect(cache.count == 0)
        #expect(cache.byteCount == 0)
    }

    @Test("It never holds more bytes than it may, whatever is stored", arguments: 0..<50)
    func bounded(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var cache = DocumentCache<String>(maximumBytes: 20_000)
        for _ in 0..<2000 {
            let key = "id-\(Int.random(in: 0..<300, using: &random))"
            if let found = find(key, in: &cache) {
                #expect(found == "document of \(key)", "seed \(seed)")
            } else {
                insert(key, into: &cache, bytes: Int.random(in: 0..<3000, using: &random))
            }
            #expect(cache.byteCount <= 20_000, "seed \(seed)")
        }
        #expect(cache.count > 0)
    }

    @Test("A document larger than the cache is not stored, and a cache of no bytes stores nothing")
    func tooLarge() {
        var cache = DocumentCache<String>(maximumBytes: 1000)
        insert("big", into: &cache, bytes: 1001)
        #expect(cache.count == 0)
        var off = DocumentCache<String>(maximumBytes: 0)
        insert("a", into: &off, bytes: 0)
        #expect(off.count == 0)
    }

    @Test("A scan of ids that are asked for once leaves those that are asked for often")
    func scanResistance() {
        let cost = 100 + 6 + DocumentCache<String>.entryOverhead
        var cache = DocumentCache<String>(maximumBytes: 100 * cost)
        for hot in 0..<50 { insert("hot-\(hot)", into: &cache) }
        for hot in 0..<50 { #expect(find("hot-\(hot)", in: &cache) != nil) }
        for cold in 0..<10_000 {
            insert("c-\(cold)", into: &cache)
            if cold % 20 == 0 { for hot in 0..<50 { _ = find("hot-\(hot)", in: &cache) } }
        }
        var kept = 0
        for hot in 0..<50 where find("hot-\(hot)", in: &cache) != nil { kept += 1 }
        #expect(kept == 50)
    }

    @Test("Storing an id again replaces its document and counts it once")
    func replaced() {
        var cache = DocumentCache<String>(maximumBytes: 100_000)
        insert("a", into: &cache, bytes: 100)
        let once = cache.byteCount
        insert("a", into: &cache, bytes: 100)
        #expect(cache.byteCount == once)
        #expect(cache.count == 1)
    }
}
