import Foundation
import NotificationsAPISimulator
import RDKafka
import Testing

@Suite("The bridge and topics that are deleted, or refuse records", .needsKafka, .serialized, .timeLimit(.minutes(5)))
struct TopicFaultTests {
    @Test(
        "An output topic that is deleted under the bridge ends the run with 69 and its name, and nothing is lost",
        arguments: Guarantee.allCases)
    func outputDeleted(guarantee: Guarantee) async throws {
        let scenario = try await BridgeScenario(partitions: 2)
        try await scenario.send("a", 0..<100)
        let bridge = try await scenario.startAndFinish(guarantee.settings)
        let admin = try Admin(bootstrapServers: scenario.broker.bootstrapServers)
        try await admin.deleteTopics([scenario.failures], timeout: .seconds(30))
        let failing = try await scenario.send(Array("fail-404".utf8), partition: 0)
        try await scenario.send("b", 0..<100)
        try await scenario.expectEnd(of: bridge, 69, saying: [scenario.failures])
        try await scenario.expectNothingCommitted(past: failing)

        try await admin.createTopics([NewTopic(name: scenario.failures, partitions: 2)], timeout: .seconds(30))
        let next = try await scenario.startAndFinish(guarantee.settings)
        try await scenario.expectAllDone(by: next, guarantee, count: 201)
    }

    @Test("A requests topic that is deleted under the bridge ends the run with 69 and its name")
    func requestsDeleted() async throws {
        var runs: [(BridgeScenario, BridgeProcess)] = []
        for guarantee in Guarantee.allCases {
            let scenario = try await BridgeScenario(partitions: 2)
            try await scenario.send("a", 0..<100)
            runs.append((scenario, try await scenario.startAndFinish(guarantee.settings)))
        }
        // Both at once: it takes a while until a topic is believed to be gone.
        for (scenario, bridge) in runs {
            let seen = scenario.simulator.counters.lookups
            scenario.simulator.setLatency(.seconds(2))
            try await scenario.send("b", 0..<20)
            let isWorking = try await eventually(within: .seconds(90)) { scenario.simulator.counters.lookups > seen }
            #expect(isWorking, "\(bridge.log)")
            let admin = try Admin(bootstrapServers: scenario.broker.bootstrapServers)
            try await admin.deleteTopics([scenario.requests], timeout: .seconds(30))
        }
        for (scenario, bridge) in runs {
            try await scenario.expectEnd(of: bridge, 69, saying: [scenario.requests], within: .seconds(120))
        }
    }

    @Test(
        "A requests topic that is deleted and made anew ends the run with 70, for nobody knows which of it is done",
        arguments: Guarantee.allCases)
    func requestsMadeAnew(guarantee: Guarantee) async throws {
        let scenario = try await BridgeScenario(partitions: 2)
        try await scenario.send("a", 0..<100)
        let bridge = try await scenario.startAndFinish(guarantee.settings)
        let admin = try Admin(bootstrapServers: scenario.broker.bootstrapServers)
        try await admin.deleteTopics([scenario.requests], timeout: .seconds(30))
        let isThere = try await eventually(within: .seconds(30)) {
            do {
                try await admin.createTopics([NewTopic(name: scenario.requests, partitions: 2)], timeout: .seconds(30))
                return true
            } catch let error as KafkaError where error.code == .topicAlreadyExists {
                return false
            }
        }
        #expect(isThere)
        try await scenario.send("b", 0..<20)
        try await scenario.expectEnd(
            of: bridge, 70, saying: [scenario.requests, "the topic was created anew", "kafka-consumer-groups"],
            within: .seconds(120))
    }

    @Test(
        "A result that its topic refuses for good ends the run with 70 and the topic, instead of being repeated for ever",
        arguments: Guarantee.allCases)
    func recordRefused(guarantee: Guarantee) async throws {
        let scenario = try await BridgeScenario(partitions: 2, failures: ["cleanup.policy": "compact"])
        try await scenario.send("a", 0..<100)
        let bridge = try await scenario.startAndFinish(guarantee.settings)
        // Neither the request nor an id gives a key, which the topic demands.
        let keyless = try await scenario.send(Array("{".utf8), partition: 0)
        try await scenario.send("b", 0..<100)
        try await scenario.expectEnd(of: bridge, 70, saying: [scenario.failures])
        try await scenario.expectNothingCommitted(past: keyless)

        try scenario.broker.tool(
            "configs",
            [
                "--alter", "--entity-type", "topics", "--entity-name", scenario.failures, "--add-config",
                "cleanup.policy=delete",
            ])
        let next = try await scenario.startAndFinish(guarantee.settings)
        try await scenario.expectAllDone(by: next, guarantee, count: 201)
    }

    @Test("A timestamp that the topic does not take ends the run with 70 and the topic")
    func timestampRefused() async throws {
        let guarantee = Guarantee.exactlyOnce
        let scenario = try await BridgeScenario(
            partitions: 2, integrations: ["message.timestamp.before.max.ms": "3600000"])
        try await scenario.send("a", 0..<100)
        let bridge = try await scenario.startAndFinish(guarantee.settings)
        let yesterday = Int64(Date.now.timeIntervalSince1970) * 1000 - 86_400_000
        let old = try await scenario.send(Array("old".utf8), partition: 0, timestamp: yesterday)
        try await scenario.send("b", 0..<100)
        try await scenario.expectEnd(of: bridge, 70, saying: [scenario.integrations])
        try await scenario.expectNothingCommitted(past: old)
    }
}
