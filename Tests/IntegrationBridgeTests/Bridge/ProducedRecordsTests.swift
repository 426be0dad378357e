import Foundation
import JSONText
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
            "odd-error-3", "odd-error-4", "odd-error-5", "rate-limited",
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

        let folder = NSTemporaryDirectory() + "/records-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        for topic in ["integrations", "integration-failures"] {
            let lines = try records.filter { $0.topic == topic }.map { try line($0) }
            try lines.joined(separator: "\n").write(toFile: "\(folder)/\(topic)", atomically: true, encoding: .utf8)
        }
        let (status, output) = try check([
            "--integrations", "\(folder)/integrations", "--failures", "\(folder)/integration-failures",
        ])
        #expect(status == 0, "\(output)")
    }

    private func line(_ record: Record) throws -> String {
        let headers = record.headers.map { header in
            JSONValue.Member(
                header.name, header.value.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null)
        }
        return JSONValue.object([.init("value", try record.json), .init("headers", .object(headers))]).description
    }

    private func check(_ arguments: [String]) throws -> (status: Int32, output: String) {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", root.appendingPathComponent("scripts/check_schemas.py").path] + arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
