import Testing

@testable import IntegrationBridge

/// The full figures are in DESIGN.md; these are small enough to run each time.
@Suite("What the cache keeps when it is full")
struct EvictionTests {
    private static let hotIDs = 5000
    private static let capacity = 500

    private func trace(_ skew: Double, _ body: (inout RequestTrace) -> Void) -> RequestTrace {
        var trace = RequestTrace(hotIDs: Self.hotIDs, skew: skew, seed: 1)
        trace.addHot(10_000)
        body(&trace)
        return trace
    }

    private func ratios(_ trace: RequestTrace) -> (cache: Double, recent: Double, s3: Double) {
        (
            CacheUnderTrace.hitRatio(trace, capacity: Self.capacity),
            LeastRecentlyUsed.hitRatio(trace, capacity: Self.capacity),
            S3FIFO.hitRatio(trace, capacity: Self.capacity)
        )
    }

    @Test(
        "Where some ids are asked for more often, it finds more than LRU, and as much as S3-FIFO",
        arguments: [0.8, 1.2])
    func zipf(skew: Double) {
        let found = ratios(trace(skew) { $0.counting { $0.addHot(20_000) } })
        #expect(found.cache > found.recent + 0.01)
        #expect(found.cache > found.s3 - 0.03)
    }

    @Test("A scan of cold ids among the hot ones costs it next to nothing, where LRU loses a lot")
    func mixedScan() {
        let before = ratios(trace(1.0) { $0.counting { $0.addHot(10_000) } })
        let found = ratios(trace(1.0) { $0.counting { $0.addScan(cold: 20_000, hot: 5000) } })
        #expect(found.cache > before.cache - 0.03)
        #expect(found.cache > found.recent + 0.15)
        #expect(found.cache > found.s3 - 0.03)
    }

    @Test("After a burst of nothing but cold ids the hot ones are still there")
    func burst() {
        let before = ratios(trace(1.0) { $0.counting { $0.addHot(1000) } })
        let found = ratios(
            trace(1.0) {
                $0.addScan(cold: 20_000, hot: 0)
                $0.counting { $0.addHot(1000) }
            })
        #expect(found.cache > before.cache - 0.05)
        #expect(found.cache > found.recent + 0.1)
    }

    @Test("A scan that asks for each id twice, some requests apart, does not wash out the hot ones either")
    func scanWithEcho() {
        let found = ratios(trace(1.0) { $0.counting { $0.addScan(cold: 10_000, hot: 5000, echo: 100) } })
        #expect(found.cache > found.recent + 0.15)
    }
}
