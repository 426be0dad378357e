import Foundation
import NotificationsAPISimulator
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("The bridge and rights that are withdrawn in mid-run", .needsOwnKafka, .serialized, .timeLimit(.minutes(5)))
struct WithdrawnRightTests {
    @Test(
        "A right that is withdrawn ends the run with 77 and what it lacks; given back, the next run goes on without loss",
        arguments: Guarantee.allCases)
    func withdrawn(guarantee: Guarantee) async throws {
        let broker = try SecuredBroker.shared()
        let scenario = try await BridgeScenario(broker: broker.broker, partitions: 2)
        let id = KafkaBroker.unique("t")
        let settings = broker.settings.merging(guarantee.settings) { $1 }.merging(["DELIVERY_TRANSACTIONAL_ID": id]) {
            $1
        }
        let topics = [scenario.requests, scenario.integrations, scenario.failures]
        try broker.allow(
            topics.flatMap { ["--topic", $0] } + ["--group", scenario.group, "--transactional-id", id],
            operations: ["All"])
        var steps: [(operation: String, resource: [String], says: [String])] = [
            ("Write", ["--topic", scenario.failures], [scenario.failures, "rant this principal Write"]),
            ("Read", ["--topic", scenario.requests], [scenario.requests, "grant it Read"]),
        ]
        if guarantee == .exactlyOnce {
            steps.append(("Read", ["--group", scenario.group], [scenario.group, "Read on the group"]))
            steps.append(("Write", ["--transactional-id", id], [id, "Describe and Write on the transactional id"]))
        }
        var count = 0
        func send() async throws -> TopicPartitionOffset {
            let first = try await scenario.send(Array("fail-404".utf8), partition: 0)
            try await scenario.send("n\(count)", 0..<40)
            count += 41
            return first
        }
        _ = try await send()
        var bridge = try await scenario.startAndFinish(settings)
        for step in steps {
            try broker.withdraw(step.resource, operation: step.operation)
            let first = try await send()
            try await scenario.expectEnd(of: bridge, 77, saying: step.says)
            #expect(!bridge.log.contains(SecuredBroker.password))
            try await scenario.expectNothingCommitted(past: first)
            try broker.giveBack(step.resource, operation: step.operation)
            bridge = try await scenario.startAndFinish(settings)
        }
        try await scenario.expectAllDone(by: bridge, guarantee, count: count)
    }

    @Test(
        "Without the right to read a topic's settings the bridge says so and works, by its own limit of a record's size"
    )
    func settingsUnread() async throws {
        let broker = try SecuredBroker.shared()
        let scenario = try await BridgeScenario(broker: broker.broker, partitions: 2)
        let topics = [scenario.requests, scenario.integrations, scenario.failures].flatMap { ["--topic", $0] }
        try broker.allow(topics + ["--group", scenario.group], operations: ["All"])
        try broker.withdraw(topics, operation: "DescribeConfigs")
        try await scenario.send("n", 0..<20)
        let bridge = try await scenario.startAndFinish(broker.settings)
        #expect(bridge.log.contains("max.message.bytes cannot be read"), "\(bridge.log)")
        try await scenario.expectAllDone(by: bridge, .atLeastOnce, count: 20)
    }
}
