import Foundation
import NotificationsAPISimulator
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("A stop that cannot finish", .needsKafka, .serialized, .timeLimit(.minutes(5)))
struct IncompleteStopTests {
    @Test(
        "Where the API hangs, SIGTERM ends the run with 70 after the grace period, and nothing is lost",
        arguments: Guarantee.allCases)
    func hangingAPI(guarantee: Guarantee) async throws {
        let scenario = try await BridgeScenario(partitions: 2)
        try await scenario.send("a", 0..<100)
        let settings = guarantee.settings.merging(["SHUTDOWN_GRACE_PERIOD": "2s"]) { $1 }
        let bridge = try await scenario.startAndFinish(settings)
        scenario.simulator.setOutage(.hang)
        let asked = scenario.simulator.counters.lookups
        try await scenario.send("b", 0..<100)
        let isAsking = try await eventually(within: .seconds(60)) { scenario.simulator.counters.lookups > asked }
        #expect(isAsking, "\(bridge.log)")
        bridge.signal(SIGTERM)
        try await scenario.expectEnd(
            of: bridge, 70, saying: ["incomplete_stop", "requests were not finished", "shutdown.gracePeriod"],
            within: .seconds(20))
        scenario.simulator.setOutage(nil)
        let next = try await scenario.startAndFinish(guarantee.settings)
        try await scenario.expectAllDone(by: next, guarantee, count: 200)
    }

    @Test(
        "Where the broker hangs, SIGTERM ends the run with 70 after the grace period, and nothing is lost",
        .needsOwnKafka)
    func hangingBroker() async throws {
        let broker = try KafkaBroker.own()
        var scenarios: [(Guarantee, BridgeScenario, BridgeProcess)] = []
        for guarantee in Guarantee.allCases {
            let scenario = try await BridgeScenario(broker: broker, partitions: 2)
            try await scenario.send("a", 0..<100)
            // Two calls at a time: there is something to do for long.
            let settings = guarantee.settings.merging(["SHUTDOWN_GRACE_PERIOD": "2s", "LOOKUP_MAX_IN_FLIGHT": "2"]) {
                $1
            }
            scenarios.append((guarantee, scenario, try await scenario.startAndFinish(settings)))
            scenario.simulator.setLatency(.milliseconds(20))
            try await scenario.send("b", 0..<1500)
        }
        for (_, scenario, bridge) in scenarios {
            let isWorking = try await eventually(within: .seconds(60)) { scenario.simulator.counters.lookups > 200 }
            #expect(isWorking, "\(bridge.log)")
        }
        try broker.command("freeze")
        for (_, scenario, bridge) in scenarios {
            bridge.signal(SIGTERM)
            try await scenario.expectEnd(of: bridge, 70, saying: [], within: .seconds(20))
            #expect(
                bridge.log.contains("incomplete_stop") || bridge.log.contains("did not stop in time"), "\(bridge.log)")
        }
        try broker.command("thaw")
        for (guarantee, scenario, _) in scenarios {
            let next = try await scenario.startAndFinish(guarantee.settings)
            try await scenario.expectAllDone(by: next, guarantee, count: 1600)
        }
    }
}
