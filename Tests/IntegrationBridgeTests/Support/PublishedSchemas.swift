import Foundation
import JSONText
import RDKafka

/// What is published of the output in `schemas/`.
enum PublishedSchemas {
    /// Checks values and headers of produced records.
    ///
    /// - Returns: what is not as the schemas say; empty where all of it is.
    static func faults(of records: [Record]) throws -> String {
        let folder = NSTemporaryDirectory() + "/records-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var arguments: [String] = []
        for (topic, option) in [("integrations", "--integrations"), ("integration-failures", "--failures")] {
            let lines = try records.filter { $0.topic == topic }.map { try line($0) }
            if lines.isEmpty { continue }
            try lines.joined(separator: "\n").write(toFile: "\(folder)/\(topic)", atomically: true, encoding: .utf8)
            arguments += [option, "\(folder)/\(topic)"]
        }
        let (status, output) = try check(arguments)
        return status == 0 ? "" : "\(status): \(output)"
    }

    private static func line(_ record: Record) throws -> String {
        let headers = record.headers.map { header in
            JSONValue.Member(
                header.name, header.value.map { .string(String(decoding: $0, as: UTF8.self)) } ?? .null)
        }
        return JSONValue.object([.init("value", try record.json), .init("headers", .object(headers))]).description
    }

    private static func check(_ arguments: [String]) throws -> (status: Int32, output: String) {
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
