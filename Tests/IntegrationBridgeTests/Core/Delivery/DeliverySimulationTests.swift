internal import Foundation
import Testing

@testable import IntegrationBridge

/// Bridges, made of the real ledger, outbox, resolver and transaction machine, against a model of the brokers.
///
/// `DELIVERY_SEEDS=100000` runs more, `DELIVERY_SEED=n` that one alone: the same seed gives the same run.
/// `MUTATION_TABLE=n` prints how many of the first n seeds find each planted bug. `make simulate` does so in a release build.
@Suite("Delivery: simulation")
struct DeliverySimulationTests {
    private static let seeds: Range<UInt64> = {
        if let seed = number("DELIVERY_SEED") { return seed..<seed + 1 }
        return 0..<(number("DELIVERY_SEEDS") ?? 500)
    }()
    private static let chunkCount: UInt64 = 10

    private static func number(_ variable: String) -> UInt64? {
        ProcessInfo.processInfo.environment[variable].flatMap(UInt64.init)
    }

    private static func violation(_ seed: UInt64, _ mode: DeliveryMode, _ bug: PlantedBug? = nil) async -> String? {
        await Simulations.run {
            var scenario = DeliveryScenario(seed: seed, mode: mode, bug: bug, start: .now)
            return scenario.run().map { "\($0)" }
        }
    }

    @Test(
        "Whatever crashes, stalls, moves or is refused, each request has its output, in order and once where promised",
        arguments: 0..<chunkCount)
    func nothingIsLost(chunk: UInt64) async {
        for seed in Self.seeds where seed % Self.chunkCount == chunk {
            let mode = DeliveryMode.allCases[Int(seed / Self.chunkCount % 3)]
            if let violation = await Self.violation(seed, mode) {
                Issue.record("seed \(seed), \(mode): \(violation)")
                return
            }
        }
    }

    @Test("The simulation finds a bridge that is put together wrongly", arguments: PlantedBug.allCases)
    func plantedBugIsFound(bug: PlantedBug) async {
        for mode in bug.modes {
            var isFound = false
            for seed in bug.seeds where !isFound {
                isFound = await Self.violation(seed, mode, bug) != nil
            }
            #expect(isFound, "\(mode)")
        }
    }

    @Test("The table of planted bugs, on demand")
    func table() {
        guard let seeds = Self.number("MUTATION_TABLE") else { return }
        print(MutationTable(seeds: seeds).text)
    }
}
