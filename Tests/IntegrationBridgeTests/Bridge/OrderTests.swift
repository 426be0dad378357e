import JSONText
import NotificationsAPISimulator
import RDKafka
import Testing

@testable import IntegrationBridge

@Suite("delivery.order: partition")
struct OrderTests {
    @Test("Results go out in the order of their requests; one slow id delays its own partition only")
    func order() async throws {
        let harness = try BridgeHarness(partitions: 2)
        defer { harness.stop() }
        try await harness.send("slow-1500ms", partition: 0)
        for number in 0..<40 {
            try await harness.send(number % 5 == 0 ? "fail-404-\(number)" : "i-\(number % 7)", partition: 0)
        }
        try await harness.send("{}", partition: 0)
        for number in 0..<20 { try await harness.send("other-\(number)", partition: 1) }
        var configuration = harness.configuration
        configuration.delivery.order = .partition
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) { try await harness.results(62) }
        #expect(records.count == 62)
        var times: [String: [(offset: Int, time: String)]] = [:]
        for record in records {
            let (partition, offset) = try origin(record)
            times[partition, default: []].append((offset, try #require(record.header("ce_time"))))
        }
        let slow = try #require(times["0"]).sorted { $0.offset < $1.offset }
        #expect(slow.map(\.offset) == Array(0..<42))
        #expect(slow.map(\.time) == slow.map(\.time).sorted(), "each result was made after those before it")
        let other = try #require(times["1"]).map(\.time).max()
        #expect(try #require(other) < slow[0].time, "the other partition did not wait")
        #expect(bridge.metrics.heldBytes == 0)
    }

    @Test("Within each output partition results lie in the order of their requests, with many ids of many speeds")
    func logOrder() async throws {
        let harness = try BridgeHarness(partitions: 2)
        defer { harness.stop() }
        for number in 0..<600 {
            let id =
                number % 3 == 0 ? "slow-\(number % 40)ms-\(number)" : number % 11 == 0 ? "fail-404" : "i-\(number % 50)"
            try await harness.send(id, key: "k\(number % 20)")
        }
        var configuration = harness.configuration
        configuration.delivery.order = .partition
        let records = try await harness.running(try harness.bridge(configuration)) { try await harness.results(600) }
        var last: [String: Int] = [:]
        for record in records.sorted(by: { ($0.topic, $0.partition, $0.offset) < ($1.topic, $1.partition, $1.offset) })
        {
            let (partition, offset) = try origin(record)
            let lane = "\(record.topic)-\(record.partition) from \(partition)"
            #expect(offset > last[lane, default: -1], "\(lane)")
            last[lane] = offset
        }
    }

    @Test("More requests for one slow id than may wait in memory hold the input up only until their results are out")
    func memory() async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        let request = Array(#"{"integration_id":"slow-500ms","pad":"\#(String(repeating: "x", count: 1_000))"}"#.utf8)
        for _ in 0..<100 { try await harness.send(request) }
        var configuration = harness.configuration
        configuration.delivery.order = .partition
        configuration.lookup.maxHeldBytes = 64 * 1024
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) {
            try await eventually("the slow id's results") { bridge.metrics.acknowledged >= 100 }
            for number in 0..<10 { try await harness.send("i-\(number)") }
            return try await harness.results(110)
        }
        #expect(records.count == 110)
        #expect(bridge.metrics.heldBytes == 0)
    }

    /// The partition and the offset of the request.
    private func origin(_ record: Record) throws -> (partition: String, offset: Int) {
        let parts = try #require(record.header("ce_id")).split(separator: "-").suffix(2)
        return (String(try #require(parts.first)), try #require(parts.last.flatMap { Int($0) }))
    }
}
