import NotificationsAPISimulator
import RDKafka
import Testing

@testable import IntegrationBridge

@Suite("What the bridge produces, against schemas/")
struct ProducedRecordsTests {
    @Test("Records of every kind of request and answer are valid by the published schemas, headers included")
    func validBySchema() async throws {
        let harness = try BridgeHarness()
        defer { harness.stop() }
        var count = 0
        func send(_ value: [UInt8]?, key: String? = nil, headers: [RecordHeader] = []) async throws {
            try await harness.send(value, key: key.map { Array($0.utf8) }, headers: headers)
            count += 1
        }
        let faults = [
            "fail-404", "fail-403", "fail-400", "fail-409", "fail-500", "fail-503-1", "html", "html-200", "empty",
            "truncated", "cut-json", "oversized", "gzip", "wrong-id", "not-integration", "missing-target",
            "lookup-member", "reset", "close", "redirect-same", "redirect-other", "odd-error-1", "odd-error-2",
            "odd-error-3", "odd-error-4", "odd-error-5", "rate-limited", "large-error",
        ]
        for fault in faults { try await send(Array(fault.utf8)) }
        for number in 0..<200 {
            try await send(Array(#"{"integration_id":"i-\#(number % 150)","n":[1.10,"é"]}"#.utf8), key: "k\(number)")
        }
        for bad in ["", "{}", "[]", "null", "12", "{", "two words", "..", #"{"integration_id":7}"#] {
            try await send(Array(bad.utf8))
        }
        try await send(nil, key: "tombstone")
        try await send([0xff, 0x00, 0xfe])
        try await send(Array(#"{"integration_id":"\#(String(repeating: "x", count: 256))"}"#.utf8))
        try await send(Array(#"{"integration_id":"big","pad":"\#(String(repeating: "x", count: 20_000))"}"#.utf8))
        try await send(
            Array("any text".utf8), headers: [RecordHeader(name: "content-type", value: Array("text/plain".utf8))])
        try await send(
            Array("i-traced".utf8),
            headers: [
                RecordHeader(
                    name: "traceparent",
                    value: Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".utf8))
            ])
        var configuration = harness.configuration
        configuration.lookup.maxAttempts = 2
        let bridge = try harness.bridge(configuration)
        let total = count
        let records = try await harness.running(bridge) { try await harness.results(total) }
        #expect(records.count == total)

        let broken = try PublishedSchemas.faults(of: records)
        #expect(broken == "")
    }
}
