import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// `integration-bridge run` as a process of its own, the built one beside the tests.
final class BridgeProcess: Sendable {
    private let process: ChildProcess
    private let logPath: String
    private let configurationPath: String

    /// - Parameter settings: environment variables without their prefix, such as `LOOKUP_MAX_IN_FLIGHT`.
    init(_ settings: [String: String]) throws {
        let folder = NSTemporaryDirectory()
        let name = UUID().uuidString
        logPath = folder + "/bridge-\(name).log"
        configurationPath = folder + "/bridge-\(name).yaml"
        _ = FileManager.default.createFile(atPath: configurationPath, contents: nil)
        let binary = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
            .appendingPathComponent("integration-bridge")
        var environment = ProcessInfo.processInfo.environment
        for (key, value) in settings { environment["INTEGRATION_BRIDGE_" + key] = value }
        process = try ChildProcess(
            binary.path, ["run", "--config", configurationPath], environment: environment, output: logPath)
    }

    deinit {
        if process.exitCode == nil {
            kill(process.id, SIGKILL)
            _ = process.wait()
        }
        for path in [logPath, configurationPath] { try? FileManager.default.removeItem(atPath: path) }
    }

    var isRunning: Bool { process.exitCode == nil }

    var log: String { (try? String(contentsOfFile: logPath, encoding: .utf8)) ?? "" }

    func signal(_ number: Int32) {
        kill(process.id, number)
    }

    /// Waits for the end; the exit code, or minus the signal that ended it. `nil` when it does not end in time.
    func exitCode(within time: Duration) async throws -> Int32? {
        _ = try await eventually(within: time) { !self.isRunning }
        return process.exitCode
    }
}
