import Foundation
import NotificationsAPISimulator
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("Exactly once on a real Kafka", .needsOwnKafka, .serialized)
struct ExactlyOnceBrokerTests {
    private func settings(_ id: String) -> [String: String] {
        ["DELIVERY_GUARANTEE": "exactlyOnce", "DELIVERY_TRANSACTIONAL_ID": id, "DELIVERY_COMMIT_INTERVAL": "100ms"]
    }

    /// Results of each input partition lie in the order of their requests, in each output partition.
    private func areInOrder(_ results: [String: [Record]]) -> Bool {
        var last: [String: Int] = [:]
        let records = results.values.flatMap { $0 }
            .sorted { ($0.topic, $0.partition, $0.offset) < ($1.topic, $1.partition, $1.offset) }
        for record in records {
            let parts = (record.text(of: "ce_id") ?? "").split(separator: "-").suffix(2).compactMap { Int($0) }
            guard parts.count == 2 else { return false }
            let lane = "\(record.topic)-\(record.partition)-\(parts[0])"
            guard parts[1] > last[lane, default: -1] else { return false }
            last[lane] = parts[1]
        }
        return true
    }

    @Test("A bridge that is killed again and again, and started again, gives each request one result, in order")
    func killed() async throws {
        let scenario = try await BridgeScenario()
        scenario.simulator.setLatency(.milliseconds(3))
        let id = KafkaBroker.unique("t")
        for round in 0..<4 {
            try await scenario.send("r\(round)", 0..<500)
            // So few calls at a time that it is not done before it is killed.
            let bridge = try scenario.start(settings(id).merging(["LOOKUP_MAX_IN_FLIGHT": "2"]) { $1 })
            let seen = scenario.simulator.counters.lookups
            let isWorking = try await eventually(within: .seconds(90)) {
                scenario.simulator.counters.lookups > seen + 200
            }
            #expect(isWorking, "\(bridge.log)")
            bridge.signal(SIGKILL)
            #expect(try await bridge.exitCode(within: .seconds(40)) == -SIGKILL)
        }
        let last = try await scenario.startAndFinish(settings(id))
        #expect(areInOrder(try await scenario.expectAllDone(by: last, .exactlyOnce, count: 2000)))
    }

    @Test("A bridge that is frozen for longer than its transaction and its session commits nothing when it wakes up")
    func zombie() async throws {
        let scenario = try await BridgeScenario()
        try await scenario.send("a", 0..<300)
        try await scenario.send(Array("slow-3000ms".utf8), partition: 0)
        let zombie = try scenario.start(settings(KafkaBroker.unique("z")))
        #expect(try await eventually(within: .seconds(90)) { scenario.simulator.counters.lookups > 100 })
        zombie.signal(SIGSTOP)
        try await scenario.send("b", 0..<300)
        let other = try scenario.start(settings(KafkaBroker.unique("o")))
        #expect(try await scenario.results(of: 601).count == 601, "\(other.log)")
        zombie.signal(SIGCONT)
        try await scenario.send("c", 0..<300)
        let isDone = try await eventually(within: .seconds(120)) { try await scenario.lag() == 0 }
        #expect(isDone, "\(zombie.log)\n\(other.log)")
        zombie.signal(SIGTERM)
        #expect(try await zombie.exitCode(within: .seconds(40)) == 0, "\(zombie.log)")
        #expect(areInOrder(try await scenario.expectAllDone(by: other, .exactlyOnce, count: 901)))
    }

    @Test("Two bridges that share a transactional id: the fenced one ends with 70 and says why")
    func sharedID() async throws {
        let scenario = try await BridgeScenario()
        let id = KafkaBroker.unique("shared")
        try await scenario.send("a", 0..<20)
        let first = try await scenario.startAndFinish(settings(id))
        let second = try scenario.start(settings(id))
        let isThere = try await eventually(within: .seconds(90)) { second.log.contains("Partitions assigned") }
        #expect(isThere, "\(second.log)")
        try await scenario.send("b", 0..<200)
        try await scenario.expectEnd(of: first, 70, saying: ["transactional id"])
        #expect(try await eventually(within: .seconds(90)) { try await scenario.lag() == 0 }, "\(second.log)")
        try await scenario.expectAllDone(by: second, .exactlyOnce, count: 220)
    }

    @Test(
        "A broker that is away for longer than a transaction may be open: each request has one result all the same",
        arguments: [("kill", "start"), ("freeze", "thaw")])
    func brokerAway(leaves: String, comesBack: String) async throws {
        let broker = try KafkaBroker.own()
        let scenario = try await BridgeScenario(broker: broker)
        // What a broker has broken is not the bridge's: told apart by the broker's own log.
        try await withKnownIssue("the broker left a transaction without its end", isIntermittent: true) {
            try await goOnAfterAbsence(scenario, broker, leaves, comesBack)
        } matching: { issue in
            // Offsets or results that nobody can read, or results of a transaction that was given up.
            let isItsDoing =
                issue.error is BridgeScenario.Unreadable
                || issue.comments.contains { $0.rawValue == "doubled" || $0.rawValue.hasPrefix("not all is committed") }
            return isItsDoing && broker.leavesTransactionsOpen
        }
    }

    private func goOnAfterAbsence(
        _ scenario: BridgeScenario, _ broker: KafkaBroker, _ leaves: String, _ comesBack: String
    ) async throws {
        scenario.simulator.setLatency(.milliseconds(5))
        try await scenario.send("a", 0..<2000)
        // So few calls at a time that there is something left to do when the broker is back.
        let bridge = try scenario.start(settings(KafkaBroker.unique("t")).merging(["LOOKUP_MAX_IN_FLIGHT": "4"]) { $1 })
        let isWorking = try await eventually(within: .seconds(90)) { scenario.simulator.counters.lookups > 500 }
        #expect(isWorking, "\(bridge.log)")
        try broker.command(leaves)
        // It waits for as long as a transaction may be open, and then builds another producer.
        let isTooLong = try await eventually(within: .seconds(60)) { bridge.log.contains("next=replaceProducer") }
        try #require(isTooLong, "\(bridge.log)")
        try broker.command(comesBack)
        let isDone = try await eventually(within: .seconds(150)) { try await scenario.lag() == 0 }
        try #require(isDone, "not all is committed: \(bridge.log)\n\(broker.log.suffix(100).joined(separator: "\n"))")
        try await scenario.expectAllDone(by: bridge, .exactlyOnce, count: 2000)
    }
}
