import BridgeConfigurationFile
import Foundation
import IntegrationBridge
import Testing

@Suite("The file") struct FileTests {
    /// A folder of the test's own, gone after it.
    private static func withFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "configuration-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try body(folder)
    }

    private static func failure(_ path: String) -> BridgeConfigurationError? {
        do throws(BridgeConfigurationError) {
            _ = try BridgeConfigurationFile.load(path: path, environment: Loading.base)
            return nil
        } catch { return error }
    }

    @Test("a file is read whole, also where it is larger than one read, up to 1 MiB")
    func reads() throws {
        try Self.withFolder { folder in
            let file = folder.appending(path: "bridge.yaml")
            let start = "log:\n  level: debug\n"
            for count in [0, 64 * 1_024, 64 * 1_024 + 1, 1_024 * 1_024 - start.utf8.count - 19] {
                let padding =
                    String(repeating: "# padding\n", count: count / 10) + String(repeating: "#", count: count % 10)
                try Data((start + padding + "\n  format: json    ").utf8.prefix(1_024 * 1_024)).write(to: file)
                let loaded = try BridgeConfigurationFile.load(path: file.path, environment: Loading.base)
                #expect(loaded.log.level == .debug)
                #expect(loaded.log.format == .json)
            }
        }
    }

    @Test("one byte above 1 MiB is refused, with what to check")
    func tooLarge() throws {
        try Self.withFolder { folder in
            let file = folder.appending(path: "bridge.yaml")
            try Data(repeating: UInt8(ascii: "#"), count: 1_024 * 1_024).write(to: file)
            #expect(Self.failure(file.path) == nil)
            try Data(repeating: UInt8(ascii: "#"), count: 1_024 * 1_024 + 1).write(to: file)
            let error = try #require(Self.failure(file.path))
            #expect(error.code == .unreadableFile)
            #expect(error.description.contains("'\(file.path)' is larger than 1MiB"))
        }
    }

    @Test("a file that is missing or a folder is an error that names the path and what to give")
    func unreadable() throws {
        try Self.withFolder { folder in
            let missing = folder.appending(path: "none.yaml").path
            let first = try #require(Self.failure(missing))
            #expect(first.code == .unreadableFile)
            #expect(first.description.contains("'\(missing)' does not exist; give the path"))
            let second = try #require(Self.failure(folder.path))
            #expect(second.code == .unreadableFile)
            #expect(second.description.contains("is a folder; give the path"))
            let below = try #require(Self.failure(missing + "/below.yaml"))
            #expect(below.code == .unreadableFile)
        }
    }

    @Test("without a file the environment is enough, and other variables are nobody's business")
    func noFile() throws {
        var environment = Loading.base
        environment["HOME"] = "/"
        environment["INTEGRATION_BRIDG_X"] = "not ours"
        let loaded = try BridgeConfigurationFile.load(path: nil, environment: environment)
        #expect(loaded.kafka.bootstrapServers == ["127.0.0.1:9092"])
        #expect(throws: BridgeConfigurationError.self) {
            try BridgeConfigurationFile.load(path: nil, environment: [:])
        }
    }
}
