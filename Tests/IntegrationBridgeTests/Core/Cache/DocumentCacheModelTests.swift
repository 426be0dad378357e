import Testing

@testable import IntegrationBridge

@Suite("DocumentCache against a model")
struct DocumentCacheModelTests {
    /// What was stored last for an id.
    private struct Stored {
        var value: String
        var bytes: Int
        var lifetime: CacheLifetime
        var since: Duration

        /// The end of freshness, at its earliest and at its latest.
        var earliest: Duration { since + lifetime.fresh * 9 / 10 }
        var latest: Duration { since + lifetime.fresh }

        func allows(_ hit: CacheProbe.Hit, at now: Duration) -> Bool {
            switch hit {
            case .miss: now >= earliest + max(lifetime.revalidate, lifetime.ifError)
            case .fresh(let found): found == value && now < latest
            case .revalidate(let found):
                found == value && now >= earliest && now < latest + lifetime.revalidate
            case .onlyIfError(let found):
                found == value && now >= earliest + lifetime.revalidate && now < latest + lifetime.ifError
            }
        }
    }

    @Test(
        "Whatever happens, no answer is wrong or past its time, the bytes add up, and none is beyond the limit",
        arguments: 0..<40)
    func random(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let maximum = seed.isMultiple(of: 4) ? 1 << 30 : Int.random(in: 2000...60_000, using: &random)
        var probe = CacheProbe(maximumBytes: maximum, seed: UInt64(seed))
        var model: [String: Stored] = [:]
        var now = Duration.zero
        for step in 0..<1500 {
            now += .milliseconds(Int.random(in: 0...200, using: &random))
            let key = "id-\(min(Int.random(in: 0..<200, using: &random), Int.random(in: 0..<200, using: &random)))"
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                probe.remove(key)
                model[key] = nil
            case 1...4:
                let stored = Stored(
                    value: "\(key) at \(step)", bytes: Int.random(in: 0..<3000, using: &random),
                    lifetime: lifetime(&random), since: now)
                probe.insert(key, value: stored.value, bytes: stored.bytes, lifetime: stored.lifetime, after: now)
                model[key] = stored
            default:
                let hit = probe.lookup(key, after: now)
                let isEvicted = hit == .miss && probe.cache.evictions > 0
                // What is larger than the cache is not stored, and that is no eviction.
                let isRefused = hit == .miss && maximum < 6000
                let isAllowed = model[key]?.allows(hit, at: now) ?? (hit == .miss)
                #expect(isAllowed || isEvicted || isRefused, "seed \(seed) step \(step): \(hit)")
            }
            #expect(probe.cache.byteCount <= maximum, "seed \(seed) step \(step)")
            if step.isMultiple(of: 50) { checkSum(probe, model, now, "seed \(seed) step \(step)") }
        }
        #expect(seed.isMultiple(of: 4) == (probe.cache.evictions == 0))
    }

    private func lifetime(_ random: inout SplitMix64) -> CacheLifetime {
        CacheLifetime(
            fresh: .milliseconds(Int.random(in: 0...10_000, using: &random)),
            revalidate: .milliseconds(Int.random(in: 0...4000, using: &random)),
            ifError: .milliseconds(Int.random(in: 0...8000, using: &random)))
    }

    /// A copy is asked for every id, which takes out of it what is past its time.
    private func checkSum(
        _ probe: CacheProbe, _ model: [String: Stored], _ now: Duration, _ comment: Comment
    ) {
        var probe = probe
        var sum = probe.cache.tableBytes
        var count = 0
        for (key, stored) in model where probe.lookup(key, after: now) != .miss {
            sum += CacheProbe.cost(of: key, bytes: stored.bytes)
            count += 1
        }
        #expect(probe.cache.byteCount == sum, comment)
        #expect(probe.cache.count == count, comment)
    }
}
