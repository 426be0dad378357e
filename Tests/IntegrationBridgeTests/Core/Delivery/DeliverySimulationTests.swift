internal import Foundation
import Testing

@testable import IntegrationBridge

/// Bridges, made of the real ledger, outbox, resolver and transaction machine, against a model of the brokers.
///
/// `DELIVERY_SEEDS=100000` runs more.
@Suite("Delivery: simulation")
struct DeliverySimulationTests {
    private static let seedCount = ProcessInfo.processInfo.environment["DELIVERY_SEEDS"].flatMap(UInt64.init) ?? 300
    private static let chunkCount: UInt64 = 10

    @Test(
        "Whatever crashes, stalls, moves or is refused, each request has its output, in order and once where promised",
        arguments: 0..<chunkCount)
    func nothingIsLost(chunk: UInt64) {
        for seed in stride(from: chunk, to: Self.seedCount, by: Int(Self.chunkCount)) {
            let mode = DeliveryMode.allCases[Int(seed / Self.chunkCount % 3)]
            var scenario = DeliveryScenario(seed: seed, mode: mode, start: .now)
            if let violation = scenario.run() {
                Issue.record("seed \(seed), \(mode): \(violation)")
                return
            }
        }
    }

    @Test("The simulation finds a bridge that is put together wrongly", arguments: PlantedBug.allCases)
    func plantedBugIsFound(bug: PlantedBug) {
        for mode in bug.modes {
            let isFound = bug.seeds.contains { seed in
                var scenario = DeliveryScenario(seed: seed, mode: mode, bug: bug, start: .now)
                return scenario.run() != nil
            }
            #expect(isFound, "\(mode)")
        }
    }
}
