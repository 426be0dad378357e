import Foundation
import JSONText
import NotificationsAPISimulator
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("The bridge on a real Kafka", .needsKafka, .serialized)
struct BridgeBrokerTests {
    @Test("Every kind of request gets one result in the right topic, with its key, headers, timestamp and value")
    func everyKind() async throws {
        let scenario = try await BridgeScenario()
        let kinds: [(key: String, value: [UInt8]?, reason: String?)] = [
            ("json", Array(#"{"integration_id":"i-1","context":{"a":[1.10]}}"#.utf8), nil),
            ("bare", Array("i-2".utf8), nil), ("string", Array(#""i-3""#.utf8), nil),
            ("framed", [0, 0, 0, 0, 9] + Array(#"{"integration_id":"i-4"}"#.utf8), nil),
            ("unicode", Array(#"{"integration_id":"é/漢"}"#.utf8), nil),
            ("tombstone", nil, "invalid_request"), ("empty", [], "invalid_request"),
            ("broken", Array("{".utf8), "invalid_request"), ("bytes", [0xff], "invalid_request"),
            ("missing", Array("fail-404".utf8), "not_found"), ("denied", Array("fail-403".utf8), "forbidden"),
            ("bad", Array("fail-400".utf8), "bad_request"), ("down", Array("fail-503".utf8), "server_error"),
            ("twice", Array("fail-500-2".utf8), nil), ("html", Array("html-200".utf8), "invalid_response"),
        ]
        for (number, kind) in kinds.enumerated() {
            try await scenario.send(
                kind.value, key: Array(kind.key.utf8),
                headers: [
                    RecordHeader(name: "n", value: Array("\(number)".utf8)), RecordHeader(name: "null", value: nil),
                ],
                timestamp: 1_700_000_000_000 + Int64(number))
        }
        let bridge = try scenario.start(["LOOKUP_MAX_ATTEMPTS": "3"])
        let results = try await scenario.results(of: kinds.count)
        #expect(results.values.allSatisfy { $0.count == 1 })
        let records = results.values.flatMap { $0 }
        for (number, kind) in kinds.enumerated() {
            let record = try #require(
                records.first { $0.key == Array(kind.key.utf8) }, "\(kind.key): no result; log: \(bridge.log)")
            #expect(record.topic == (kind.reason == nil ? scenario.integrations : scenario.failures), "\(kind.key)")
            #expect(record.timestamp == 1_700_000_000_000 + Int64(number), "\(kind.key)")
            #expect(record.headers.prefix(2).map(\.name) == ["n", "null"], "\(kind.key)")
            #expect(record.text(of: "n") == "\(number)", "\(kind.key)")
            #expect(record.headers[1].value == nil, "\(kind.key)")
            let lookup = try #require(try record.json["lookup"])
            #expect(lookup["reason"]?.string == kind.reason, "\(kind.key)")
            #expect(lookup["request"]?["topic"] == .string(scenario.requests), "\(kind.key)")
        }
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(40)) == 0, "\(bridge.log)")
        #expect(try await scenario.lag() == 0)
    }

    @Test("A restart goes on where the last run ended: nothing twice, nothing left out")
    func restart() async throws {
        let scenario = try await BridgeScenario()
        try await scenario.send("a", 0..<200)
        let first = try scenario.start()
        #expect(try await scenario.results(of: 200).count == 200)
        first.signal(SIGTERM)
        #expect(try await first.exitCode(within: .seconds(40)) == 0, "\(first.log)")
        try await scenario.send("b", 0..<200)
        let second = try scenario.start()
        let results = try await scenario.results(of: 400)
        #expect(results.count == 400, "\(second.log)")
        #expect(results.values.allSatisfy { $0.count == 1 })
        second.signal(SIGTERM)
        #expect(try await second.exitCode(within: .seconds(40)) == 0, "\(second.log)")
        #expect(try await scenario.lag() == 0)
    }

    @Test("kill -9 in the middle of work loses nothing")
    func killed() async throws {
        let scenario = try await BridgeScenario()
        try await scenario.send("slow-20ms", 0..<3000)
        for _ in 0..<3 {
            let before = scenario.simulator.counters.lookups
            // So few calls at a time that it is not done before it is killed.
            let bridge = try scenario.start(["LOOKUP_MAX_IN_FLIGHT": "8"])
            let isWorking = try await eventually(within: .seconds(90)) {
                scenario.simulator.counters.lookups > before + 200
            }
            #expect(isWorking, "\(bridge.log)")
            bridge.signal(SIGKILL)
            #expect(try await bridge.exitCode(within: .seconds(40)) == -SIGKILL)
        }
        let last = try scenario.start()
        let results = try await scenario.results(of: 3000)
        #expect(results.count == 3000, "\(last.log)")
        // What was not committed in time is done again: the lag ends later than the last distinct result.
        #expect(try await eventually(within: .seconds(90)) { try await scenario.lag() == 0 }, "\(last.log)")
        last.signal(SIGTERM)
        #expect(try await last.exitCode(within: .seconds(40)) == 0, "\(last.log)")
        #expect(try await scenario.lag() == 0)
    }

    @Test("Two bridges in one group, one leaving: nothing is lost, and offsets are committed to the end")
    func oneLeaves() async throws {
        let scenario = try await BridgeScenario()
        try await scenario.send("slow-20ms", 0..<1500)
        // So few calls at a time that there is something left to do when one leaves.
        let first = try scenario.start(["LOOKUP_MAX_IN_FLIGHT": "4"])
        let second = try scenario.start(["LOOKUP_MAX_IN_FLIGHT": "4"])
        let bothWork = try await eventually(within: .seconds(90)) {
            [first, second].allSatisfy { $0.log.contains("Partitions assigned") }
                && scenario.simulator.counters.lookups > 300
        }
        #expect(bothWork, "\(first.log)\n\(second.log)")
        first.signal(SIGTERM)
        #expect(try await first.exitCode(within: .seconds(40)) == 0, "\(first.log)")
        try await scenario.send("later", 0..<300)
        let results = try await scenario.results(of: 1800)
        #expect(results.count == 1800, "\(second.log)")
        // What the first has done behind what it had not is done again: the lag ends later than the last distinct result.
        #expect(try await eventually(within: .seconds(90)) { try await scenario.lag() == 0 }, "\(second.log)")
        second.signal(SIGTERM)
        #expect(try await second.exitCode(within: .seconds(40)) == 0, "\(second.log)")
        #expect(try await scenario.lag() == 0)
    }

    @Test("SIGTERM with slow calls under way ends within the grace period with 0, and nothing is lost")
    func terminatedWhileSlow() async throws {
        let scenario = try await BridgeScenario()
        try await scenario.send("slow-2000ms", 0..<200)
        let bridge = try scenario.start(["SHUTDOWN_GRACE_PERIOD": "20s"])
        let isWorking = try await eventually(within: .seconds(90)) { scenario.simulator.counters.lookups >= 64 }
        #expect(isWorking, "\(bridge.log)")
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(20)) == 0, "\(bridge.log)")
        let next = try scenario.start(["LOOKUP_MAX_IN_FLIGHT": "256"])
        let results = try await scenario.results(of: 200)
        #expect(results.count == 200, "\(next.log)")
        #expect(results.values.allSatisfy { $0.count == 1 }, "what was under way at SIGTERM was finished and committed")
        next.signal(SIGTERM)
        #expect(try await next.exitCode(within: .seconds(40)) == 0)
    }

    @Test("An API that is slower than max.poll.interval.ms causes no rebalance")
    func slowAPI() async throws {
        let scenario = try await BridgeScenario()
        try await scenario.send("slow-12000ms", 0..<20)
        let bridge = try scenario.start([
            "KAFKA_CONSUMER_PROPERTIES":
                "session.timeout.ms=10000,heartbeat.interval.ms=500,max.poll.interval.ms=10000",
            "LOOKUP_MAX_IN_FLIGHT": "8", "API_TIMEOUT": "60s",
        ])
        let results = try await scenario.results(of: 20)
        #expect(results.count == 20, "\(bridge.log)")
        #expect(results.values.allSatisfy { $0.count == 1 })
        #expect(bridge.log.components(separatedBy: "Partitions assigned").count == 2, "\(bridge.log)")
        #expect(!bridge.log.contains("Partitions lost"))
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(40)) == 0)
    }

    @Test("A topic or a broker that does not exist ends the run with 69 and its name")
    func notThere() async throws {
        let scenario = try await BridgeScenario()
        let missing = KafkaBroker.unique("missing")
        let settings = [
            ("REQUESTS_TOPICS", missing), ("INTEGRATIONS_TOPIC", missing), ("FAILURES_TOPIC", missing),
            ("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:1"),
        ]
        // All at once: each of them waits for what may still come.
        let bridges = try settings.map { try scenario.start([$0: $1]) }
        for ((_, name), bridge) in zip(settings, bridges) {
            try await scenario.expectEnd(of: bridge, 69, saying: [name], within: .seconds(120))
        }
    }
}
