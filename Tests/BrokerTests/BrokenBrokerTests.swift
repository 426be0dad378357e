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
        let bridge = try scenario.start()
        let isWorking = try await eventually(within: .seconds(30)) { scenario.simulator.counters.lookups > 500 }
        #expect(isWorking, "\(bridge.log)")
        try broker.command("kill")
        #expect(bridge.isRunning)
        try broker.command("start")
        let results = try await scenario.results(of: 3000, within: .seconds(120))
        #expect(results.count == 3000, "\(bridge.log)")
        // What was not committed in time is done again: the lag ends later than the last distinct result.
        #expect(try await eventually(within: .seconds(60)) { try scenario.lag() == 0 }, "\(bridge.log)")
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(15)) == 0, "\(bridge.log)")
        #expect(try scenario.lag() == 0)
    }

    @Test("A topic that may not be read or written ends the run with 77 and its name")
    func denied() async throws {
        let broker = try KafkaBroker.own(["--user", "bridge:bridge-password"])
        let scenario = try await BridgeScenario(broker: broker)
        let sasl = try broker.command("bootstrap", ["sasl"])
        let settings = [
            "KAFKA_BOOTSTRAP_SERVERS": sasl,
            "KAFKA_PROPERTIES":
                "security.protocol=SASL_PLAINTEXT,sasl.mechanism=PLAIN,sasl.username=bridge,sasl.password=bridge-password",
        ]
        for (topic, operation) in [(scenario.requests, "Read"), (scenario.integrations, "Write")] {
            let rule = ["--deny-principal", "User:bridge", "--operation", operation, "--topic", topic]
            try broker.tool("acls", ["--add"] + rule)
            try await scenario.send("i", 0..<10)
            let bridge = try scenario.start(settings)
            #expect(try await bridge.exitCode(within: .seconds(60)) == 77, "\(operation): \(bridge.log)")
            #expect(bridge.log.contains(topic), "\(bridge.log)")
            #expect(!bridge.log.contains("bridge-password"))
            try broker.tool("acls", ["--remove", "--force"] + rule)
        }
        let refused = try scenario.start(
            settings.merging([
                "KAFKA_PROPERTIES":
                    "security.protocol=SASL_PLAINTEXT,sasl.mechanism=PLAIN,sasl.username=bridge,sasl.password=wrong-password"
            ]) { $1 })
        #expect(try await refused.exitCode(within: .seconds(90)) == 77, "\(refused.log)")
        #expect(!refused.log.contains("wrong-password"))
    }
}
