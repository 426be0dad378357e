import JSONText
import NotificationsAPISimulator
import RDKafka
import Testing

@testable import IntegrationBridge

@Suite("Results that are larger than a record may be")
struct OutputTooLargeTests {
    /// The simulator's documents fit, with their headers and a short request.
    private static let limit = 2_000

    private func configuration(
        _ harness: BridgeHarness, _ order: BridgeConfiguration.Delivery.Order
    ) -> BridgeConfiguration {
        var configuration = harness.configuration
        configuration.delivery.order = order
        configuration.kafka.producerProperties = [.init(name: "message.max.bytes", value: "\(Self.limit)")]
        return configuration
    }

    private func request(_ id: String, padding: Int) -> [UInt8] {
        Array(#"{"integration_id":"\#(id)","pad":"\#(String(repeating: "x", count: padding))"}"#.utf8)
    }

    @Test(
        "A document that is too large becomes a Failure with status and request id of the call, and is counted as that",
        arguments: [BridgeConfiguration.Delivery.Order.unordered, .partition])
    func document(order: BridgeConfiguration.Delivery.Order) async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        try await harness.send("i-1", key: "small")
        try await harness.send(
            request("i-1", padding: Self.limit), key: Array("large".utf8),
            headers: [RecordHeader(name: "mine", value: [1])])
        try await harness.send("i-2", key: "after")
        let bridge = try harness.bridge(configuration(harness, order))
        let records = try await harness.running(bridge) { try await harness.results(3) }
        let small = try #require(records.first { $0.keyText == "small" })
        let large = try #require(records.first { $0.keyText == "large" })
        #expect(records.map(\.topic).sorted() == ["integration-failures", "integrations", "integrations"])
        #expect(large.topic == "integration-failures")

        let lookup = try #require(try large.lookup)
        #expect(lookup["integration_id"] == .string("i-1"))
        #expect(lookup["outcome"] == .string("failed"))
        #expect(lookup["reason"] == .string("output_too_large"))
        #expect(lookup["retryable"] == .bool(false))
        #expect(lookup["status"] == .number("200"))
        #expect(lookup["request_id"]?.string?.isEmpty == false)
        #expect(try lookup["request_id"] == small.lookup?["request_id"], "one call gave both")
        #expect(lookup["request"]?["value"] == nil)
        #expect(lookup["request"]?["value_size"] == .number("\(request("i-1", padding: Self.limit).count)"))
        #expect(large.header("mine") == nil)
        #expect(large.header("__connect.errors.exception.class.name") == "integration-bridge.output_too_large")
        let broken = try PublishedSchemas.faults(of: records)
        #expect(broken == "")

        let results = bridge.metrics.results
        let tooLarge = results.filter { $0.key.reason == .outputTooLarge }
        #expect(tooLarge.values.reduce(0, +) == 1)
        #expect(results.filter { $0.key.reason == nil }.values.reduce(0, +) == 2)
        #expect(results.values.allSatisfy { $0 >= 0 })
        #expect(bridge.metrics.acknowledged == 3)
    }

    @Test(
        "A Failure that the request's own headers make too large keeps its reason, and goes without value and headers",
        arguments: [BridgeConfiguration.Delivery.Order.unordered, .partition])
    func failure(order: BridgeConfiguration.Delivery.Order) async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        let headers = [RecordHeader(name: "mine", value: [UInt8](repeating: 65, count: Self.limit))]
        try await harness.send(request("fail-404", padding: 1), key: Array("k".utf8), headers: headers)
        try await harness.send(Array("two words".utf8), key: Array("bad".utf8), headers: headers)
        let bridge = try harness.bridge(configuration(harness, order))
        let records = try await harness.running(bridge) { try await harness.results(2) }
        #expect(records.allSatisfy { $0.topic == "integration-failures" && $0.header("mine") == nil })
        let missing = try #require(try records.first { $0.keyText == "k" }?.lookup)
        #expect(missing["reason"] == .string("not_found"))
        #expect(missing["status"] == .number("404"))
        #expect(missing["request_id"]?.string?.isEmpty == false)
        #expect(missing["request"]?["value"] == nil)
        #expect(missing["request"]?["value_size"] == .number("\(request("fail-404", padding: 1).count)"))
        let bad = try #require(try records.first { $0.keyText == "bad" }?.lookup)
        #expect(bad["reason"] == .string("invalid_request"))
        #expect(bad["request"]?["value"] == nil && bad["request"]?["value_size"] == .number("9"))
        let broken = try PublishedSchemas.faults(of: records)
        #expect(broken == "")

        let results = bridge.metrics.results
        #expect(results.filter { $0.key.reason == .notFound }.values.reduce(0, +) == 1)
        #expect(results.filter { $0.key.reason == .invalidRequest }.values.reduce(0, +) == 1)
        #expect(results.values.reduce(0, +) == 2)
    }

    @Test(
        "A Failure whose own document is too large is told in short, with reason, status and request id, and ends no run",
        arguments: [BridgeConfiguration.Delivery.Order.unordered, .partition])
    func failureDocument(order: BridgeConfiguration.Delivery.Order) async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        try await harness.send(request("large-error", padding: 1), key: Array("k".utf8))
        try await harness.send("i-2", key: "after")
        var configuration = harness.configuration
        configuration.delivery.order = order
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) { try await harness.results(2) }
        #expect(Set(records.map(\.keyText)) == ["k", "after"])
        let lookup = try #require(try records.first { $0.keyText == "k" }?.lookup)
        #expect(lookup["reason"] == .string("bad_request"))
        #expect(lookup["retryable"] == .bool(false))
        #expect(lookup["status"] == .number("400"))
        #expect(lookup["request_id"]?.string?.isEmpty == false)
        #expect(lookup["request"]?["value_size"] == .number("\(request("large-error", padding: 1).count)"))
        let broken = try PublishedSchemas.faults(of: records)
        #expect(broken == "")
        #expect(bridge.metrics.results.filter { $0.key.reason == .badRequest }.values.reduce(0, +) == 1)
    }
}
