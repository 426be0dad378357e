import Foundation
import IntegrationBridge
import NotificationsAPISimulator
import RDKafka
import Testing

@testable import IntegrationBridgeCLI

@Suite("send and check against a cluster", .serialized)
struct KafkaCommandTests {
    private func environment(_ servers: String, api: String = "http://127.0.0.1:1") -> [String: String] {
        [
            "INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS": servers, "INTEGRATION_BRIDGE_API_BASE_URL": api,
            "INTEGRATION_BRIDGE_API_AUTH": "none",
        ]
    }

    private func cluster() throws -> MockCluster {
        let cluster = try MockCluster()
        for topic in ["integration-lookups", "integrations", "integration-failures"] {
            try cluster.createTopic(topic, partitions: 2)
        }
        return cluster
    }

    private func count(_ cluster: MockCluster) async throws -> Int {
        let reader = try GroupReader(
            ConsumerConfiguration(
                bootstrapServers: cluster.bootstrapServers, groupID: "test", topics: ["integration-lookups"]))
        let partitions = (0..<2).map { TopicPartition(topic: "integration-lookups", partition: $0) }
        return try await reader.watermarks(of: partitions, timeout: .seconds(10)).values.reduce(0) { $0 + Int($1.high) }
    }

    @Test("send puts every request on the topic and says how many")
    func send() async throws {
        let cluster = try cluster()
        let result = await runTool(
            ["send", "i-1", "i-2", "--key", "k", "--header", "a=b"], environment: environment(cluster.bootstrapServers))
        #expect(result.code == .success, "\(result.errors)")
        #expect(result.output.hasPrefix("Sent 2 requests to integration-lookups in "))
        #expect(result.errors.isEmpty)
        #expect(try await count(cluster) == 2)
    }

    @Test("send --file stops at the first bad line, with its number and how many were sent")
    func badLine() async throws {
        let cluster = try cluster()
        let path = NSTemporaryDirectory() + "/requests-\(UUID().uuidString)"
        let lines = (1...2_000).map { "i-\($0)" } + ["[]", "i-9"]
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let result = await runTool(["send", "--file", path], environment: environment(cluster.bootstrapServers))
        #expect(result.code == .usage)
        #expect(result.errors.contains("line 2001 is JSON but no object"))
        #expect(result.errors.contains("sent before it: 2,000 requests"))
        #expect(try await count(cluster) == 2_000)
    }

    @Test("send of ids with a bad one among them sends nothing")
    func badID() async throws {
        let cluster = try cluster()
        let result = await runTool(["send", "i-1", "a b"], environment: environment(cluster.bootstrapServers))
        #expect(result.code == .usage)
        #expect(result.errors.contains("'a b' is no integration id"))
        #expect(result.errors.contains("nothing was sent"))
        #expect(try await count(cluster) == 0)
    }

    @Test("check says ok to each thing that is there")
    func good() async throws {
        let cluster = try cluster()
        let simulator = try Simulator()
        defer { simulator.stop() }
        let result = await runTool(
            ["check"], environment: environment(cluster.bootstrapServers, api: simulator.baseURL))
        #expect(result.code == .success, "\(result.output)")
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 8)
        #expect(lines.allSatisfy { $0.hasPrefix("ok ") }, "\(result.output)")
        #expect(simulator.counters.listings == 1)
    }

    @Test("check names a topic that is not there, and refused credentials, and ends with the highest code")
    func faults() async throws {
        let cluster = try cluster()
        cluster.setTopicError("integrations", .unknownTopicOrPartition)
        var settings = SimulatorConfiguration()
        settings.credentials = ("key", "secret")
        let simulator = try Simulator(settings)
        defer { simulator.stop() }
        let result = await runTool(
            ["check"], environment: environment(cluster.bootstrapServers, api: simulator.baseURL))
        #expect(result.code == .notAuthorized, "\(result.output)")
        #expect(result.output.contains("FAILED  topic integrations"))
        #expect(result.output.contains("ok      topic integration-failures"))
        #expect(result.output.contains("refuses the credentials"))
    }

    @Test("check ends by itself when nothing answers: 69")
    func nothing() async {
        let result = await runTool(["check"], environment: environment("127.0.0.1:1"))
        #expect(result.code == .unavailable)
        #expect(result.output.contains("FAILED  Kafka brokers"))
        #expect(result.output.contains("FAILED  Notifications API"))
    }

    @Test("check of a configuration that cannot be used is 78, and names key and variable")
    func configuration() async {
        let result = await runTool(
            ["check"], environment: environment("x").merging(["INTEGRATION_BRIDGE_API_AUTH": "apKey"]) { $1 })
        #expect(result.code == .configuration)
        #expect(result.output.contains("INTEGRATION_BRIDGE_API_AUTH"))
    }

    @Test("check names the SCRAM trap, and only where it is one")
    func scram() {
        var kafka = BridgeConfiguration.Kafka(bootstrapServers: ["x:1"])
        #expect(KafkaCheck.scramTrap(kafka, isSCRAMSupported: false) == nil)
        kafka.properties = [.init(name: "sasl.mechanism", value: "SCRAM-SHA-512")]
        #expect(KafkaCheck.scramTrap(kafka, isSCRAMSupported: false)?.contains("2.6.1") == true)
        #expect(KafkaCheck.scramTrap(kafka, isSCRAMSupported: true) == nil)
        kafka.properties = [.init(name: "sasl.mechanisms", value: "PLAIN")]
        #expect(KafkaCheck.scramTrap(kafka, isSCRAMSupported: false) == nil)
    }

    @Test("check says when the committed offset is outside what the partition holds")
    func offsets() {
        let partition = TopicPartition(topic: "t", partition: 3)
        func line(_ committed: Int64?) -> CheckLine {
            KafkaCheck.line(
                "group g", committed.map { [partition: $0] } ?? [:], [partition: (low: 10, high: 20)],
                startFrom: .earliest)
        }
        #expect(line(9).verdict == .failed(.failure))
        #expect(line(21).detail.contains("t[3]"))
        #expect(line(12).detail == "coordinator answers; 8 requests not yet done")
        #expect(
            line(nil).detail
                == "coordinator answers; 10 requests not yet done; nothing is committed yet for 1 of 1 partition"
                + ": requests.startFrom (earliest) decides there")
    }
}
