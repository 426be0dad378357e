import Foundation
import NotificationsAPISimulator
import RDKafka
import Synchronization
import Testing

@testable import IntegrationBridge

@Suite("Secrets")
struct SecretsTests {
    @Test("The API's secret and webhook URLs are in no log event at trace level, and in no Failure record")
    func nowhere() async throws {
        let secret = "s3cret-\(UInt64.random(in: 0 ... .max))"
        var simulator = SimulatorConfiguration()
        simulator.credentials = ("the-key", secret)
        let harness = try BridgeHarness(simulator: simulator)
        defer { harness.stop() }
        let faults = [
            "fail-404", "fail-500", "html", "html-200", "wrong-id", "reset", "odd-error-4", "redirect-other",
            "lookup-member",
        ]
        for id in faults + (0..<50).map({ "i-\($0)" }) { try await harness.send(id) }
        var configuration = harness.configuration
        configuration.api.auth = .apiKey
        configuration.api.key = "the-key"
        configuration.api.secret = Secret(secret)
        configuration.lookup.maxAttempts = 2
        configuration.kafka.properties = [.init(name: "sasl.password", value: "kafka-\(secret)")]
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) {
            let records = try await harness.results(faults.count + 50)
            // A moment of refused credentials, so that what is said then is looked at too.
            harness.simulator.setCredentials(("the-key", "another"))
            try await harness.send("one-more")
            while harness.simulator.counters.byStatus[401, default: 0] == 0 {
                try await Task.sleep(for: .milliseconds(5))
            }
            return records
        }
        let texts =
            harness.events.withLock { $0.map { "\($0.message) \($0.metadata)" } }
            + records.filter { $0.topic == "integration-failures" }.map {
                String(decoding: $0.value ?? [], as: UTF8.self)
                    + "\($0.headers.map { String(decoding: $0.value ?? [], as: UTF8.self) })"
            } + ["\(configuration)", String(reflecting: configuration), "\(bridge.metrics)"]
        #expect(texts.count > 10)
        let forbidden = [
            secret, Data("the-key:\(secret)".utf8).base64EncodedString(), "hooks.example.com/services",
            "webhook.example.com/in", "teams.example.com/webhookb2", "token=secret",
        ]
        for text in texts {
            for word in forbidden { #expect(!text.contains(word), "\(word) in: \(text)") }
        }
        // The search itself finds something where it is.
        #expect(
            records.contains { String(decoding: $0.value ?? [], as: UTF8.self).contains("hooks.example.com/services") })
    }
}
