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
            let bridge = try scenario.start(settings(id))
            let seen = scenario.simulator.counters.lookups
            _ = try await eventually(within: .seconds(60)) { scenario.simulator.counters.lookups > seen + 200 }
            bridge.signal(SIGKILL)
            _ = try await bridge.exitCode(within: .seconds(15))
        }
        let last = try scenario.start(settings(id))
        let results = try await scenario.results(of: 2000, within: .seconds(120))
        #expect(results.count == 2000, "\(last.log)")
        #expect(results.values.allSatisfy { $0.count == 1 }, "doubled")
        #expect(areInOrder(results))
        last.signal(SIGTERM)
        #expect(try await last.exitCode(within: .seconds(15)) == 0, "\(last.log)")
        #expect(try scenario.lag() == 0)
    }

    @Test("A bridge that is frozen for longer than its transaction and its session commits nothing when it wakes up")
    func zombie() async throws {
        let scenario = try await BridgeScenario()
        try await scenario.send("a", 0..<300)
        try await scenario.send(Array("slow-700ms".utf8), partition: 0)
        let zombie = try scenario.start(settings(KafkaBroker.unique("z")))
        _ = try await eventually(within: .seconds(60)) { scenario.simulator.counters.lookups > 100 }
        zombie.signal(SIGSTOP)
        try await scenario.send("b", 0..<300)
        let other = try scenario.start(settings(KafkaBroker.unique("o")))
        #expect(try await scenario.results(of: 601, within: .seconds(120)).count == 601, "\(other.log)")
        zombie.signal(SIGCONT)
        try await scenario.send("c", 0..<300)
        let results = try await scenario.results(of: 901, within: .seconds(120))
        #expect(results.count == 901, "\(zombie.log)\n\(other.log)")
        #expect(results.values.allSatisfy { $0.count == 1 }, "doubled")
        #expect(areInOrder(results))
        for bridge in [zombie, other] {
            bridge.signal(SIGTERM)
            #expect(try await bridge.exitCode(within: .seconds(15)) == 0, "\(bridge.log)")
        }
    }

    @Test("Two bridges that share a transactional id: the fenced one ends with 70 and says why")
    func sharedID() async throws {
        let scenario = try await BridgeScenario()
        let id = KafkaBroker.unique("shared")
        try await scenario.send("a", 0..<20)
        let first = try scenario.start(settings(id))
        #expect(try await scenario.results(of: 20).count == 20)
        let second = try scenario.start(settings(id))
        _ = try await eventually(within: .seconds(30)) { second.log.contains("Partitions assigned") }
        try await scenario.send("b", 0..<200)
        #expect(try await first.exitCode(within: .seconds(60)) == 70, "\(first.log)")
        #expect(first.log.contains("transactional id"), "\(first.log)")
        let results = try await scenario.results(of: 220)
        #expect(results.count == 220 && results.values.allSatisfy { $0.count == 1 }, "\(second.log)")
        second.signal(SIGTERM)
        #expect(try await second.exitCode(within: .seconds(15)) == 0, "\(second.log)")
    }

    @Test("A broker that is away for longer than a transaction may be open: each request has one result all the same")
    func brokerAway() async throws {
        let broker = try KafkaBroker.own()
        let scenario = try await BridgeScenario(broker: broker)
        scenario.simulator.setLatency(.milliseconds(5))
        try await scenario.send("a", 0..<2000)
        let bridge = try scenario.start(settings(KafkaBroker.unique("t")))
        _ = try await eventually(within: .seconds(60)) { scenario.simulator.counters.lookups > 500 }
        try broker.command("kill")
        let away = ContinuousClock.now + .seconds(15)
        _ = try await eventually(within: .seconds(30)) { ContinuousClock.now > away }
        try broker.command("start")
        let results = try await scenario.results(of: 2000, within: .seconds(150))
        #expect(results.count == 2000, "\(bridge.log)")
        #expect(results.values.allSatisfy { $0.count == 1 }, "doubled")
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(20)) == 0, "\(bridge.log)")
    }
}
