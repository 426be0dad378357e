import Foundation
import Testing

@testable import IntegrationBridge

/// Each failure names its seed. `PACING_TABLE=1` runs all cells of the table in docs/pacing.md and prints it, which takes minutes.
@Suite("Pacing, simulated")
struct PacingSimulationTests {
    typealias Scenario = PacingSimulation.Scenario

    /// Some 750 seeds in all: as many for each cell as make it the same work.
    @Test(
        "A fixed window is used up, evenly and with hardly a 429, by 1, 2 and 5 bridges that know nothing of each other",
        arguments: [(100, 60.0), (300, 10.0), (60, 5.0)], [1, 2, 5])
    func fixedWindow(quota: (limit: Int, window: Double), bridges: Int) async {
        for latency in [0.005, 0.02, 0.3] {
            let cell = PacingCell(
                kind: .fixedWindow, limit: quota.limit, window: quota.window, bridges: bridges, latency: latency)
            let result = await cell.run(seeds: 40_000 / (14 * quota.limit)) { seed, result in
                #expect(
                    result.used > 0.97 && result.refused < 0.03 && result.spread < 0.4,
                    "\(cell), seed \(seed): \(result)")
            }
            #expect(result.used >= 0.99 && result.refused < 0.005 && result.spread <= 0.1, "\(cell): \(result)")
        }
    }

    @Test("So is a large window, and one with calls that take a fifth of it", arguments: [1, 2, 5])
    func largeOrSlow(bridges: Int) async {
        for (limit, window, latency) in [(3000, 60.0, 0.02), (300, 10.0, 2.0), (100, 60.0, 2.0)] {
            let cell = PacingCell(
                kind: .fixedWindow, limit: limit, window: window, bridges: bridges, latency: latency)
            let result = await cell.run(seeds: 2)
            #expect(result.used >= 0.99 && result.refused < 0.005 && result.spread <= 0.1, "\(cell): \(result)")
        }
    }

    @Test(
        "A limit or a window that changes in mid-run is followed", arguments: [(50, 10.0), (200, 10.0), (50, 5.0)],
        [1, 2, 5])
    func change(to quota: (limit: Int, window: Double), bridges: Int) async {
        for kind in [QuotaServer.Kind.fixedWindow, .tokenBucket] {
            var cell = PacingCell(kind: kind, limit: 100, window: 10, bridges: bridges, latency: 0.02)
            cell.change = (7, quota.limit, quota.window)
            let result = await cell.run(seeds: 8)
            // Windows that began before the counting are counted in part.
            #expect(
                result.used >= 0.96 && result.used < 1.05 && result.refused < 0.01 && result.spread < 0.1,
                "\(cell): \(result)")
        }
    }

    @Test("A token bucket is told from a window, and its level held", arguments: [1, 2, 5, 20])
    func tokenBucket(bridges: Int) async {
        for latency in [0.02, 0.3] {
            let cell = PacingCell(kind: .tokenBucket, limit: 100, window: 60, bridges: bridges, latency: latency)
            let result = await cell.run(seeds: 6)
            #expect(result.used >= 0.98 && result.refused < 0.01 && result.spread <= 0.15, "\(cell): \(result)")
        }
    }

    @Test("A sliding window is used to nine tenths without a storm of 429s, if not evenly", arguments: [1, 2, 5])
    func slidingWindow(bridges: Int) async {
        let cell = PacingCell(kind: .slidingWindow, limit: 300, window: 10, bridges: bridges, latency: 0.3)
        let result = await cell.run(seeds: 4)
        #expect(result.used >= 0.9 && result.refused < 0.05, "\(cell): \(result)")
    }

    @Test("Where the API limits how many are under way, all it allows are, with hardly a 429", arguments: [1, 2])
    func concurrency(bridges: Int) async {
        var cell = PacingCell(kind: .fixedWindow, limit: 20_000, window: 60, bridges: bridges, latency: 0.3)
        cell.concurrency = 10
        let result = await cell.run(seeds: 2)
        // Ten at 0.3 s are 33 a second: a tenth of the quota.
        #expect(result.used > 0.08 && result.refused < 0.02, "\(cell): \(result)")
    }

    @Test("The table of all cells, on demand")
    func table() async {
        guard ProcessInfo.processInfo.environment["PACING_TABLE"] == "1" else { return }
        print(await PacingCell.table(seeds: 4))
    }
}
