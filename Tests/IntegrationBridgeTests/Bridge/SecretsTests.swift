import Foundation
import JSONText
import NotificationsAPI
import NotificationsAPISimulator
import RDKafka
import Synchronization
import Testing

@testable import IntegrationBridge

/// What is told of the work, at trace level, while everything goes wrong that can.
@Suite("Secrets", .timeLimit(.minutes(2)))
struct SecretsTests {
    /// An id for each fault that the simulator knows.
    private static let faults = [
        "fail-400", "fail-403", "fail-404", "fail-408", "fail-429-2", "fail-500", "fail-503-2", "slow-50ms", "hang",
        "reset", "close", "truncated", "html", "html-200", "empty", "cut-json", "oversized", "gzip", "wrong-id",
        "not-integration", "missing-target", "lookup-member", "unauthorized", "forbidden-key", "rate-limited",
        "redirect-same", "redirect-other", "odd-error-1", "odd-error-2", "odd-error-3", "odd-error-4", "odd-error-5",
        "large-error",
    ]
    /// Parts of what the simulator has for webhook URLs, and a token in an error's text.
    private static let urls = [
        "hooks.example.com/services", "webhook.example.com/in", "teams.example.com/webhookb2", "pager.example.com/",
        "token=secret",
    ]

    private let secret = "s3cret-\(UInt64.random(in: 0 ... .max))"
    private var basic: String { Data("the-key:\(secret)".utf8).base64EncodedString() }

    private func simulator() -> SimulatorConfiguration {
        var simulator = SimulatorConfiguration()
        simulator.credentials = ("the-key", secret)
        return simulator
    }

    private func configuration(_ harness: BridgeHarness) -> BridgeConfiguration {
        var configuration = harness.configuration
        configuration.api.auth = .apiKey
        configuration.api.key = "the-key"
        configuration.api.secret = Secret(secret)
        configuration.lookup.maxAttempts = 2
        configuration.kafka.properties = [.init(name: "sasl.password", value: "kafka-\(secret)")]
        return configuration
    }

    @Test("Whatever fault the API has, no secret and no webhook URL is told")
    func faults() async throws {
        for line in Simulator.faultTable.split(separator: "\n").prefix(while: { !$0.hasPrefix("Anything") }) {
            let name = line.prefix { $0.isLowercase || $0 == "-" }
            #expect(Self.faults.contains { $0.hasPrefix(name) }, "no id for \(name)")
        }
        let harness = try BridgeHarness(simulator: simulator())
        defer { harness.stop() }
        let ids = Self.faults + (0..<50).map { "i-\($0)" }
        for id in ids { try await harness.send(id) }
        var configuration = configuration(harness)
        configuration.api.timeout = .milliseconds(500)
        configuration.api.onUnauthorized = .fail
        // More ids fail here than an API at work has.
        configuration.breaker.window = .zero
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) { try await harness.results(ids.count) }
        let reasons = try Set(records.map { try $0.lookup?["reason"]?.string })
        #expect(reasons.count == 9, "eight reasons and what was resolved: \(reasons)")
        expectNone([secret, basic] + Self.urls, in: told(harness, bridge, records, configuration))
        expectURLs(in: records)
    }

    @Test("429s, refused credentials, an open breaker and stale answers tell no secret and no webhook URL")
    func doors() async throws {
        let harness = try BridgeHarness(simulator: simulator())
        defer { harness.stop() }
        var configuration = configuration(harness)
        configuration.cache.ttl = .milliseconds(1)
        configuration.cache.staleWhileRevalidate = .zero
        configuration.breaker.openFor = .milliseconds(200)
        let bridge = try harness.bridge(configuration)
        let api = harness.simulator
        let key = ("the-key", secret)
        let records = try await harness.running(bridge) {
            api.setRateLimit(.init(limit: 5, window: .seconds(1), sendsHeaders: false))
            for number in 0..<12 { try await harness.send("i-\(number)") }
            try await eventually("12 results") { bridge.metrics.acknowledged >= 12 }
            #expect(api.counters.rateLimited > 0)
            api.setRateLimit(.init(limit: 1_000_000, window: .seconds(60)))

            api.setCredentials(("the-key", "another"))
            try await harness.send("one-more")
            try await eventually("refused credentials") { !bridge.metrics.areCredentialsAccepted }
            api.setCredentials(key)
            try await eventually("13 results") { bridge.metrics.acknowledged >= 13 }

            api.setOutage(.status(503))
            for number in 0..<60 { try await harness.send("j-\(number)") }
            try await eventually("an open breaker") { bridge.metrics.isBreakerOpen }
            for number in 0..<12 { try await harness.send("i-\(number)") }
            try await eventually("25 results") { bridge.metrics.acknowledged >= 25 }
            api.setOutage(nil)
            return try await harness.results(85)
        }
        let stale = try records.filter { try $0.lookup?["source"]?.string == "stale" }
        #expect(stale.count >= 12, "\(stale.count)")
        expectNone([secret, basic] + Self.urls, in: told(harness, bridge, records, configuration))
        expectURLs(in: records)
    }

    @Test("Neither the subject token nor a token is told, whether it is refused, revoked or cannot be exchanged")
    func tokens() async throws {
        let subject = "head.\(secret).signature"
        let file = try TemporaryFile(subject)
        var simulator = SimulatorConfiguration()
        simulator.requiresTokens = true
        simulator.subjectToken = "another"
        let harness = try BridgeHarness(simulator: simulator)
        defer { harness.stop() }
        var configuration = harness.configuration
        configuration.api.auth = .sts
        configuration.api.sts.identityPoolID = "pool-1"
        configuration.api.sts.subjectTokenFile = file.path
        let refusal = await #expect(throws: BridgeError.self) {
            _ = try await firstToken(configuration)
        }
        for number in 0..<20 { try await harness.send("i-\(number)") }
        let bridge = try harness.bridge(configuration)
        let api = harness.simulator
        let records = try await harness.running(bridge) {
            try await eventually("a refused exchange") { harness.tells("There is no token") }
            api.setSubjectToken(subject)
            try await eventually("20 results") { bridge.metrics.acknowledged >= 20 }

            api.setTokenOutage(.status(500))
            api.revokeTokens()
            try await harness.send("one-more")
            try await eventually("a revoked token that cannot be renewed") {
                api.counters.byStatus[500, default: 0] > 0
            }
            api.setTokenOutage(nil)
            return try await harness.results(21)
        }
        #expect(records.allSatisfy { $0.topic == "integrations" })
        let error = refusal.map { "\($0) \(String(reflecting: $0)) \($0.message)" } ?? ""
        #expect(
            error.contains("Invalid subject token"), "the answer that repeats the token is shown without it: \(error)")
        // All tokens of the simulator begin so.
        let token = try await firstToken(configuration)
        #expect(token.hasPrefix("simulated-"))
        expectNone(
            [secret, "simulated-"] + Self.urls, in: told(harness, bridge, records, configuration) + [error])
        expectURLs(in: records)
    }

    private func firstToken(_ configuration: BridgeConfiguration) async throws -> String {
        let opened = try configuration.makeClient()
        try await opened.credentials.firstCredentials(attempts: 1)
        guard case .bearer(let token) = opened.credentials.current?.credentials else { return "" }
        return token
    }

    // MARK: The search

    /// Everything that is told but for the resolved documents, which hold the webhook URLs.
    private func told(
        _ harness: BridgeHarness, _ bridge: Bridge, _ records: [Record], _ configuration: BridgeConfiguration
    ) -> [String] {
        var texts = harness.events.withLock { $0.map { "\($0) \($0.metadata)" } }
        #expect(texts.contains { $0.contains("trace The API answered") })
        for record in records {
            texts.append(record.keyText ?? "")
            texts += record.headers.map { "\($0.name): \(String(decoding: $0.value ?? [], as: UTF8.self))" }
            if record.topic == "integration-failures" {
                texts.append(String(decoding: record.value ?? [], as: UTF8.self))
            } else if let lookup = try? record.lookup {
                texts.append(String(decoding: lookup.bytes, as: UTF8.self))
            }
        }
        var dumped = ""
        dump(configuration, to: &dumped)
        return texts + [
            "\(configuration)", String(reflecting: configuration), dumped, "\(bridge.metrics)", "\(bridge)",
        ]
    }

    private func expectNone(_ words: [String], in texts: [String]) {
        #expect(texts.count > 50)
        for text in texts {
            for word in words where text.contains(word) { Issue.record("\(word) in: \(text)") }
        }
    }

    /// The search finds what it looks for where that may be.
    private func expectURLs(in records: [Record]) {
        let documents = records.filter { $0.topic == "integrations" }
            .map { String(decoding: $0.value ?? [], as: UTF8.self) }
        for url in ["hooks.example.com/services", "webhook.example.com/in", "teams.example.com/webhookb2"] {
            #expect(documents.contains { $0.contains(url) }, "\(url)")
        }
    }
}

extension BridgeHarness {
    /// Whether a log event begins so.
    fileprivate func tells(_ message: String) -> Bool {
        events.withLock { $0.contains { $0.message.hasPrefix(message) } }
    }
}
