import Testing

@testable import IntegrationBridge

@Suite("DocumentCache")
struct DocumentCacheTests {
    // MARK: Lifetimes

    @Test("What is stored is found until its time is up, and then no more")
    func timeToLive() {
        var probe = CacheProbe()
        probe.insert("a")
        #expect(probe.lookup("a", after: .seconds(53)) == .fresh("document of a"))
        #expect(probe.lookup("b") == .miss)
        #expect(probe.lookup("a", after: .seconds(60)) == .miss)
        #expect(probe.cache.count == 0)
    }

    @Test("Both windows begin where freshness ends, and end when they should, to the millisecond")
    func windows() throws {
        var probe = CacheProbe()
        let lifetime = CacheLifetime(fresh: .seconds(60), revalidate: .seconds(10), ifError: .seconds(100))
        probe.insert("a", lifetime: lifetime)
        let end = try #require(freshness(of: "a", in: &probe, upTo: .seconds(60)))
        #expect(probe.lookup("a", after: end + .milliseconds(9_999)) == .revalidate("document of a"))
        #expect(probe.lookup("a", after: end + .seconds(10)) == .onlyIfError("document of a"))
        #expect(probe.lookup("a", after: end + .milliseconds(99_999)) == .onlyIfError("document of a"))
        #expect(probe.lookup("a", after: end + .seconds(100)) == .miss)
        #expect(probe.cache.count == 0)
    }

    @Test("Where revalidation may take longer than errors are bridged, the entry lives as long as the longer window")
    func longerRevalidation() {
        var probe = CacheProbe()
        let lifetime = CacheLifetime(fresh: .zero, revalidate: .seconds(100), ifError: .seconds(10))
        probe.insert("a", lifetime: lifetime)
        #expect(probe.lookup("a", after: .zero) == .revalidate("document of a"))
        #expect(probe.lookup("a", after: .milliseconds(99_999)) == .revalidate("document of a"))
        #expect(probe.lookup("a", after: .seconds(100)) == .miss)
    }

    @Test("A window of part of a millisecond is rounded down, and one of centuries ends no sooner than in a month")
    func extremeWindows() {
        var probe = CacheProbe()
        probe.insert("a", lifetime: CacheLifetime(fresh: .zero, revalidate: .microseconds(1999)))
        #expect(probe.lookup("a", after: .microseconds(999)) == .revalidate("document of a"))
        #expect(probe.lookup("a", after: .milliseconds(1)) == .miss)
        probe.insert("b", lifetime: CacheLifetime(fresh: .zero, ifError: .seconds(Int64.max)))
        #expect(probe.lookup("b", after: .seconds(30 * 86_400)) == .onlyIfError("document of b"))
        probe.insert("c", lifetime: CacheLifetime(fresh: .seconds(Int64.max)))
        #expect(probe.lookup("c", after: .seconds(1_000_000_000)) == .fresh("document of c"))
    }

    @Test("Freshness is spread over nine tenths to all of what is set, and is never longer")
    func jitter() {
        var random = SplitMix64(seed: 7)
        let set = Duration.seconds(300)
        let now = MonotonicInstant.now
        let drawn = (0..<10_000).map { _ in
            now.duration(to: CacheLifetime(fresh: set).freshUntil(from: now, using: &random))
        }
        #expect(drawn.allSatisfy { $0 >= set * 9 / 10 && $0 <= set })
        let tenths = Dictionary(grouping: drawn) { Int(($0 - set * 9 / 10) / (set / 100)) }
        for tenth in 0..<10 { #expect((800...1200).contains(tenths[tenth]?.count ?? 0), "tenth \(tenth)") }
    }

    @Test("What is stored at one time does not run out at one time")
    func jitteredEntries() {
        var probe = CacheProbe(maximumBytes: 1 << 20)
        for number in 0..<1000 { probe.insert("id-\(number)", lifetime: CacheLifetime(fresh: .seconds(100))) }
        func fresh(after passed: Duration) -> Int {
            var probe = probe
            return (0..<1000).count { probe.lookup("id-\($0)", after: passed) != .miss }
        }
        #expect(fresh(after: .seconds(89.9)) == 1000)
        #expect((400...600).contains(fresh(after: .seconds(95))))
        #expect(fresh(after: .seconds(100)) == 0)
    }

    @Test("What could never be used is not stored, and what was there before is forgotten")
    func emptyLifetime() {
        var probe = CacheProbe()
        probe.insert("a", lifetime: CacheLifetime(fresh: .zero))
        #expect(probe.cache.count == 0)
        probe.insert("a")
        probe.insert("a", lifetime: CacheLifetime(fresh: .seconds(-1)))
        #expect(probe.lookup("a") == .miss)
        #expect(probe.cache.count == 0)
    }

    // MARK: Replacing and removing

    @Test("Storing an id again replaces its value, its time and its size, and counts it once")
    func replaced() {
        var probe = CacheProbe()
        probe.insert("a", bytes: 100)
        let once = probe.cache.byteCount
        probe.insert("a", value: "other", bytes: 150, after: .seconds(50))
        #expect(probe.cache.byteCount == once + 50)
        #expect(probe.cache.count == 1)
        #expect(probe.lookup("a", after: .seconds(100)) == .fresh("other"))
        #expect(probe.cache.evictions == 0)
    }

    @Test("A value that outgrows the cache is not stored, and takes the old one with it")
    func replacedByTooLarge() {
        var probe = CacheProbe(maximumBytes: 10_000)
        probe.insert("a")
        probe.insert("b")
        probe.insert("a", bytes: 10_000)
        #expect(probe.lookup("a") == .miss)
        #expect(probe.lookup("b") == .fresh("document of b"))
    }

    @Test("A value that grows in place makes others go, and stays itself")
    func replacedByLarger() {
        var probe = CacheProbe(maximumBytes: 20_000)
        for number in 0..<30 { probe.insert("id-\(number)") }
        #expect(probe.cache.evictions == 0)
        probe.insert("id-0", value: "large", bytes: 15_000)
        #expect(probe.lookup("id-0") == .fresh("large"))
        #expect(probe.cache.byteCount <= 20_000)
        #expect(probe.cache.evictions > 0)
    }

    @Test("A removed id is gone, and removing it again changes nothing")
    func removed() {
        var probe = CacheProbe()
        probe.insert("a")
        probe.insert("b")
        let before = probe.cache.byteCount
        probe.remove("a")
        probe.remove("a")
        probe.remove("never there")
        #expect(probe.lookup("a") == .miss)
        #expect(probe.lookup("b") == .fresh("document of b"))
        #expect(probe.cache.byteCount == before - CacheProbe.cost(of: "a", bytes: 100))
        #expect(probe.cache.evictions == 0)
    }

    @Test("Ids whose hashes collide are told apart by all of their bytes, first and last")
    func collisions() {
        var cache = DocumentCache<Int>(maximumBytes: 1 << 20, seed: 1)
        let keys = [[], [1], [2], [1, 2, 3, 4, 5, 6, 7, 8], [1, 2, 3, 4, 5, 6, 7, 9], Array(0..<9), Array(1..<10)]
            .map { $0.map { UInt8($0) } }
        for (number, key) in keys.enumerated() {
            cache.insert(
                number, for: key, hash: 5, valueBytes: 1, lifetime: CacheLifetime(fresh: .seconds(60)),
                now: CacheProbe.start)
        }
        #expect(cache.count == keys.count)
        for (number, key) in keys.enumerated() {
            let hit = key.withUnsafeBytes { cache.lookup($0, hash: 5, now: CacheProbe.start) }
            if case .fresh(let found) = hit { #expect(found == number) } else { Issue.record("\(key) is lost") }
        }
    }

    // MARK: Bounds

    @Test("A value larger than the cache is not stored, and a cache of no bytes stores nothing")
    func tooLarge() {
        var probe = CacheProbe(maximumBytes: 4000)
        probe.insert("big", bytes: 4000)
        #expect(probe.cache.count == 0)
        probe.insert("small", bytes: 100)
        #expect(probe.cache.count == 1)
        var off = CacheProbe(maximumBytes: 0)
        off.insert("a", bytes: 0)
        #expect(off.lookup("a") == .miss)
        #expect(off.cache.count == 0)
        #expect(off.cache.byteCount == 0)
    }

    @Test("Many small values leave room for a large one later, tables and all")
    func smallThenLarge() {
        var probe = CacheProbe(maximumBytes: 50_000)
        for number in 0..<1000 { probe.insert("id-\(number)", bytes: 1) }
        probe.insert("large", bytes: 20_000)
        #expect(probe.lookup("large") == .fresh("document of large"))
        #expect(probe.cache.byteCount <= 50_000)
    }

    @Test("What is of no use any more goes before what was asked for less, and is counted as evicted")
    func deadEntriesGoFirst() {
        var probe = CacheProbe(maximumBytes: 6000)
        probe.insert("dead", lifetime: CacheLifetime(fresh: .seconds(1)))
        _ = probe.lookup("dead")
        var number = 0
        while probe.cache.evictions == 0 {
            probe.insert("id-\(number)", after: .seconds(2))
            number += 1
        }
        #expect(probe.lookup("dead") == .miss)
        for kept in 0..<number { #expect(probe.lookup("id-\(kept)", after: .seconds(2)) != .miss) }
        #expect(probe.cache.evictions == 1)
    }

    /// The first millisecond at which the entry is not fresh any more.
    private func freshness(of key: String, in probe: inout CacheProbe, upTo limit: Duration) -> Duration? {
        var low = Duration.zero
        var high = limit
        guard case .revalidate = probe.lookup(key, after: high) else { return nil }
        while high - low > .nanoseconds(1) {
            let middle = low + (high - low) / 2
            if case .fresh = probe.lookup(key, after: middle) { low = middle } else { high = middle }
        }
        return high
    }
}
