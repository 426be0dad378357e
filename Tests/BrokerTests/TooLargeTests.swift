import Foundation
import JSONText
import NotificationsAPISimulator
import RDKafka
import Testing

@Suite("Results that are too large for their topic", .needsKafka, .serialized, .timeLimit(.minutes(5)))
struct TooLargeTests {
    private static let limit = 10_000

    @Test(
        "A result over the topic's max.message.bytes is a Failure in its place, one that just fits is not, and batches fit",
        arguments: [(Guarantee.atLeastOnce, "none"), (Guarantee.exactlyOnce, "lz4")])
    func tooLarge(guarantee: Guarantee, compression: String) async throws {
        let scenario = try await BridgeScenario(
            partitions: 1, integrations: ["max.message.bytes": "\(Self.limit)"])
        let settings = guarantee.settings.merging([
            "KAFKA_PRODUCER_PROPERTIES": "compression.type=\(compression),linger.ms=50"
        ]) { $1 }
        // From below the limit to above it, in small steps, with small ones between them that fill batches.
        var sizes: [Int64: Int] = [:]
        let requests = stride(from: 8_000, through: 9_500, by: 25).flatMap { size in
            [size] + [Int](repeating: 300, count: 9)
        }
        try await withThrowingTaskGroup(of: (Int64, Int).self) { group in
            for (number, size) in requests.enumerated() {
                group.addTask {
                    (try await scenario.send(request("int-\(number)", size: size), partition: 0).offset, size)
                }
            }
            for try await (offset, size) in group { sizes[offset] = size }
        }
        let bridge = try await scenario.startAndFinish(settings)
        let results = try await scenario.expectAllDone(by: bridge, guarantee, count: requests.count)
        var largest = 0
        for (offset, size) in sizes {
            let record = try #require(results["\(scenario.requests)-0-\(offset)"]?.first)
            if record.topic == scenario.integrations {
                largest = max(largest, record.value?.count ?? 0)
                continue
            }
            #expect(size > 300, "a small one is refused, at \(offset)")
            #expect(try record.json["lookup"]?["reason"]?.string == "output_too_large")
            // It says how many bytes the value would have: no result is refused that is far from the limit.
            let detail = try record.json["errors"]?[0]?["detail"]?.string ?? ""
            let bytes = Int(detail.split(separator: " ").first { Int($0) != nil } ?? "") ?? 0
            #expect(bytes > Self.limit - 1_500, "\(detail)")
        }
        #expect((Self.limit - 1_500..<Self.limit).contains(largest), "\(largest)")
        #expect(results.values.contains { $0.first?.topic == scenario.failures })
    }

    @Test(
        "A limit that is lowered under the bridge ends the run with 70 and the topic; the next run makes Failures",
        arguments: Guarantee.allCases)
    func lowered(guarantee: Guarantee) async throws {
        let scenario = try await BridgeScenario(partitions: 1)
        try await scenario.send("a", 0..<10)
        let bridge = try await scenario.startAndFinish(guarantee.settings)
        try scenario.broker.tool(
            "configs",
            [
                "--alter", "--entity-type", "topics", "--entity-name", scenario.integrations, "--add-config",
                "max.message.bytes=\(Self.limit)",
            ])
        let first = try await scenario.send(request("large", size: 12_000), partition: 0)
        try await scenario.send("b", 0..<10)
        try await scenario.expectEnd(of: bridge, 70, saying: [scenario.integrations, "max.message.bytes"])
        try await scenario.expectNothingCommitted(past: first)
        let next = try await scenario.startAndFinish(guarantee.settings)
        let results = try await scenario.expectAllDone(by: next, guarantee, count: 21)
        let result = results["\(scenario.requests)-0-\(first.offset)"]?.last
        #expect(try result?.json["lookup"]?["reason"]?.string == "output_too_large", "\(next.log)")
    }

    /// A request that no compression makes smaller.
    private func request(_ id: String, size: Int) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let text = (0..<size).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] }
        return Array(#"{"integration_id":"\#(id)","context":""#.utf8) + text + Array(#""}"#.utf8)
    }
}
