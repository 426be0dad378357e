import Foundation
import Testing

@Suite("The built program")
struct BinaryTests {
    /// Runs it to its end.
    private func run(
        _ arguments: [String], environment: [String: String] = [:]
    ) throws -> (code: Int32, output: String, errors: String) {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = arguments
        process.environment = environment
        process.standardInput = FileHandle.nullDevice
        let (output, errors) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        let text = output.fileHandleForReading.readDataToEndOfFile()
        let messages = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (
            process.terminationStatus, String(decoding: text, as: UTF8.self), String(decoding: messages, as: UTF8.self)
        )
    }

    private static var program: URL {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("integration-bridge")
    }

    @Test("Help goes to stdout with 0, with and without --help")
    func help() throws {
        for arguments in [[], ["--help"], ["help"]] {
            let (code, output, errors) = try run(arguments)
            #expect(code == 0)
            #expect(output.contains("Usage: integration-bridge COMMAND"))
            #expect(errors.isEmpty)
        }
        #expect(try run(["--version"]).output.hasPrefix("integration-bridge "))
    }

    @Test("An unknown command is 64 and names the nearest one on stderr")
    func unknown() throws {
        let (code, output, errors) = try run(["lokup"])
        #expect(code == 64)
        #expect(output.isEmpty)
        #expect(errors.contains("did you mean 'lookup'?"))
    }

    @Test("A configuration file that is not there is 78 and is named", arguments: ["run", "check"])
    func missingFile(_ command: String) throws {
        let (code, output, errors) = try run([command, "--config", "/does/not/exist.yaml"])
        #expect(code == 78)
        #expect((output + errors).contains("/does/not/exist.yaml"))
    }

    @Test("A reader that goes away does not kill it")
    func closedPipe() throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "(\"$0\" help; echo $? >&2) | true", Self.program.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(text == "0\n")
    }

    @Test("simulate-api says where it listens, and ends with 0 on SIGTERM and its counters as the last line")
    func simulate() throws {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["simulate-api", "--port", "0"]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        #expect(text.contains("listens on http://127.0.0.1:"))
        process.terminate()
        let rest = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
        let last = try #require((text + rest).split(separator: "\n").last)
        #expect(last.hasPrefix(#"{"calls":0,"#) && last.hasSuffix("}"))
    }

    @Test("A bridge that something blocks is ended after its grace period with 70, and says what it was doing")
    func blocked() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        // A pipe that nobody writes to: whoever opens it waits for ever.
        let secret = folder.appendingPathComponent("secret").path
        #expect(mkfifo(secret, 0o600) == 0)
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["run"]
        process.environment = [
            "INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "INTEGRATION_BRIDGE_API_AUTH": "apiKey",
            "INTEGRATION_BRIDGE_API_KEY": "key", "INTEGRATION_BRIDGE_API_SECRET_FILE": secret,
            "INTEGRATION_BRIDGE_SHUTDOWN_GRACE_PERIOD": "1s",
        ]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let first = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
        #expect(first.contains("integration-bridge starts"))
        process.terminate()
        let rest = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 70)
        #expect(rest.contains("did not stop in time") && rest.contains("stage=starting"), "\(rest)")
    }

    @Test("run says what it starts with, and SIGTERM ends it in bounded time even where no broker answers")
    func runStops() throws {
        let process = Process()
        process.executableURL = Self.program
        process.arguments = ["run"]
        process.environment = [
            "INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1", "INTEGRATION_BRIDGE_API_AUTH": "none",
            "INTEGRATION_BRIDGE_API_BASE_URL": "http://127.0.0.1:1", "INTEGRATION_BRIDGE_SHUTDOWN_GRACE_PERIOD": "5s",
            "INTEGRATION_BRIDGE_LOG_FORMAT": "json",
        ]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let first = String(decoding: errors.fileHandleForReading.availableData, as: UTF8.self)
        #expect(first.contains(#""message":"integration-bridge starts""#))
        #expect(first.contains(#""requests":"integration-lookups""#))
        process.terminate()
        _ = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationReason == .exit)
        #expect(process.terminationStatus == 0)
    }
}
