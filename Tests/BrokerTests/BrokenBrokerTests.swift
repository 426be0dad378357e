import Foundation
import NotificationsAPISimulator
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("The bridge on a Kafka that breaks or refuses", .needsOwnKafka, .serialized)
struct BrokenBrokerTests {
    @Test("A broker that is killed and started again under the bridge loses nothing")
    func brokerRestarted() async throws {
        let broker = try KafkaBroker.own()
        let scenario = try await BridgeScenario(broker: broker)
        try await scenario.send("slow-20ms", 0..<3000)
        // So few calls at a time that there is something left to do when the broker is back.
        let bridge = try scenario.start(["LOOKUP_MAX_IN_FLIGHT": "16"])
        let isWorking = try await eventually(within: .seconds(90)) { scenario.simulator.counters.lookups > 500 }
        #expect(isWorking, "\(bridge.log)")
        try broker.command("kill")
        #expect(bridge.isRunning)
        try broker.command("start")
        let results = try await scenario.results(of: 3000, within: .seconds(120))
        #expect(results.count == 3000, "\(bridge.log)")
        // What was not committed in time is done again: the lag ends later than the last distinct result.
        #expect(try await eventually(within: .seconds(90)) { try await scenario.lag() == 0 }, "\(bridge.log)")
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(40)) == 0, "\(bridge.log)")
        #expect(try await scenario.lag() == 0)
    }

    @Test("A topic that may not be read or written ends the run with 77 and its name")
    func denied() async throws {
        let broker = try SecuredBroker.shared()
        let scenario = try await BridgeScenario(broker: broker.broker)
        for (topic, operation) in [(scenario.requests, "Read"), (scenario.integrations, "Write")] {
            try broker.withdraw(["--topic", topic], operation: operation)
            try await scenario.send("i", 0..<10)
            let bridge = try scenario.start(broker.settings)
            try await scenario.expectEnd(of: bridge, 77, saying: [topic], within: .seconds(90))
            #expect(!bridge.log.contains(SecuredBroker.password))
            try broker.giveBack(["--topic", topic], operation: operation)
        }
        let refused = try scenario.start(broker.settings(password: "wrong-password"))
        #expect(try await refused.exitCode(within: .seconds(90)) == 77, "\(refused.log)")
        #expect(!refused.log.contains("wrong-password"))
    }
}
