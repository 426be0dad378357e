import Foundation
import RDKafka
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A real Kafka for tests: the one that KAFKA_BOOTSTRAP_SERVERS names, else one that is started from KAFKA_HOME, once for
/// the test process, and stopped at its exit.
final class KafkaBroker: Sendable {
    /// Why a test cannot run.
    struct Unavailable: Error, CustomStringConvertible {
        let description: String
    }

    /// `host:port` of the plain listener.
    let bootstrapServers: String
    /// Where it lives; nil where it is somebody else's.
    private let directory: String?

    private init(bootstrapServers: String, directory: String?) {
        self.bootstrapServers = bootstrapServers
        self.directory = directory
    }

    /// One that nobody uses any more would take memory and time from the tests that follow.
    deinit {
        if let directory { Self.end(directory) }
    }

    private static let environment = ProcessInfo.processInfo.environment
    private static let home = environment["KAFKA_HOME"].flatMap { $0.isEmpty ? nil : $0 }
    private static let servers = environment["KAFKA_BOOTSTRAP_SERVERS"].flatMap { $0.isEmpty ? nil : $0 }

    /// Whether there is a broker for tests that leave it whole.
    static var isAvailable: Bool { servers != nil || home != nil }
    /// Whether a test can have a broker of its own, to break it or to set it up.
    static var canStartOwn: Bool { home != nil }

    private static let sharedResult = Mutex<Result<KafkaBroker, Unavailable>?>(nil)
    private static let ownDirectories = Mutex<[String]>([])

    /// The broker that all tests share; topics have names of their own.
    static func shared() throws -> KafkaBroker {
        try sharedResult.withLock { result in
            if let result { return result }
            let made: Result<KafkaBroker, Unavailable> = Result { () throws(Unavailable) in
                if let servers { return KafkaBroker(bootstrapServers: servers, directory: nil) }
                return try start([])
            }
            result = made
            return made
        }.get()
    }

    /// A broker for one test.
    ///
    /// - Parameter options: Of `kafka start`, such as `--user name:password`.
    static func own(_ options: [String] = []) throws -> KafkaBroker { try start(options) }

    private static func start(_ options: [String]) throws(Unavailable) -> KafkaBroker {
        guard home != nil else { throw Unavailable(description: "KAFKA_HOME is not set") }
        let directory = NSTemporaryDirectory() + "/kafka-test-\(UUID().uuidString.prefix(8))"
        ownDirectories.withLock { directories in
            if directories.isEmpty { atexit { KafkaBroker.stopAll() } }
            directories.append(directory)
        }
        let servers = try run(["start", directory] + options)
        return KafkaBroker(bootstrapServers: servers, directory: directory)
    }

    private static func stopAll() {
        for directory in ownDirectories.withLock({ $0 }) { end(directory) }
    }

    private static func end(_ directory: String) {
        ownDirectories.withLock { $0.removeAll { $0 == directory } }
        _ = try? run(["kill", directory])
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Runs the `kafka` script.
    @discardableResult
    private static func run(_ arguments: [String]) throws(Unavailable) -> String {
        guard let home else { throw Unavailable(description: "KAFKA_HOME is not set") }
        let output = NSTemporaryDirectory() + "/kafka-test-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: output) }
        let code: Int32
        do {
            code = try ChildProcess(home + "/kafka", arguments, environment: environment, output: output).wait()
        } catch {
            throw Unavailable(description: "\(home)/kafka does not run: \(error)")
        }
        let text = (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
        guard code == 0 else {
            throw Unavailable(description: "kafka \(arguments.joined(separator: " ")) failed: \(text)")
        }
        return text.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// Runs one of Kafka's own tools on this broker.
    @discardableResult
    func tool(_ name: String, _ arguments: [String]) throws -> String {
        try Self.run([name, "--bootstrap-server", bootstrapServers] + arguments)
    }

    /// Runs a command of the script on this broker: `stop`, `kill`, `freeze`, `thaw`, `start`, `bootstrap`.
    @discardableResult
    func command(_ name: String, _ arguments: [String] = []) throws -> String {
        guard let directory else { throw Unavailable(description: "this broker is not the tests' own") }
        return try Self.run([name, directory] + arguments)
    }

    /// Does what retention does, at once: Kafka's own tool moves the start of partition 0.
    func deleteRecords(of topic: String, before offset: Int64) throws {
        let file = NSTemporaryDirectory() + "/delete-\(topic).json"
        defer { try? FileManager.default.removeItem(atPath: file) }
        try #"{"version":1,"partitions":[{"topic":"\#(topic)","partition":0,"offset":\#(offset)}]}"#.write(
            toFile: file, atomically: true, encoding: .utf8)
        try Self.run([
            "class", "org.apache.kafka.tools.DeleteRecordsCommand", "--bootstrap-server", bootstrapServers,
            "--offset-json-file", file,
        ])
    }

    /// Whether it has left a transaction without its end: just started, its coordinator takes partitions whose leaders it
    /// does not know yet for deleted (Kafka 4.3.1, a single broker). What the transaction holds stays held then.
    var leavesTransactionsOpen: Bool {
        log.contains { $0.contains("while trying to send transaction markers") && $0.contains("can be skipped") }
    }

    /// The lines that its servers have logged.
    var log: [Substring] {
        guard let directory, let paths = FileManager.default.enumerator(atPath: directory) else { return [] }
        return paths.compactMap { $0 as? String }.filter { $0.hasSuffix(".log") && $0.contains("/logs/server") }
            .sorted()
            .flatMap { path in
                ((try? String(contentsOfFile: "\(directory)/\(path)", encoding: .utf8)) ?? "").split(separator: "\n")
            }
    }

    /// Creates a topic with a name of its own.
    func topic(
        _ prefix: String, partitions: Int32 = 1, configuration: [String: String] = [:]
    ) async throws -> String {
        let name = Self.unique(prefix)
        let admin = try Admin(bootstrapServers: bootstrapServers)
        try await admin.createTopics(
            [NewTopic(name: name, partitions: partitions, configuration: configuration)], timeout: .seconds(30))
        return name
    }

    /// A name that no other test has.
    static func unique(_ prefix: String) -> String { "\(prefix)-\(UUID().uuidString.prefix(8).lowercased())" }
}

extension Trait where Self == ConditionTrait {
    /// Skips where there is no Kafka.
    static var needsKafka: Self {
        .enabled(if: KafkaBroker.isAvailable, "set KAFKA_BOOTSTRAP_SERVERS or KAFKA_HOME to run tests on a real Kafka")
    }

    /// Skips where no Kafka of the test's own can be started.
    static var needsOwnKafka: Self {
        .enabled(if: KafkaBroker.canStartOwn, "set KAFKA_HOME to run tests that start a Kafka of their own")
    }
}
