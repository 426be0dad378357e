import JSONText
import NotificationsAPISimulator
import RDKafka
import Synchronization
import Testing

@testable import IntegrationBridge

/// The README's table "How the API is treated", with the calls counted at the API.
@Suite("How each answer of the API is treated")
struct APITableTests {
    struct Row: Sendable, CustomTestStringConvertible {
        var id: String
        /// `nil`: resolved.
        var reason: String?
        var isRetriable = false
        var attempts: Int
        var calls: ClosedRange<Int>
        /// Whether an answer begins to come, whatever becomes of it.
        var isAnswered = true
        var testDescription: String { id }
    }

    static let rows = [
        Row(id: "i-12345", reason: nil, attempts: 1, calls: 1...1),
        Row(id: "html-200", reason: "invalid_response", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "empty", reason: "invalid_response", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "cut-json", reason: "invalid_response", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "oversized", reason: "invalid_response", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "wrong-id", reason: "invalid_response", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "not-integration", reason: "invalid_response", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "redirect-other", reason: "invalid_response", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "redirect-same", reason: nil, attempts: 1, calls: 2...2),
        Row(id: "fail-400", reason: "bad_request", attempts: 1, calls: 1...1),
        Row(id: "fail-409", reason: "bad_request", attempts: 1, calls: 1...1),
        Row(id: "odd-error-3", reason: "bad_request", attempts: 1, calls: 1...1),
        Row(id: "large-error", reason: "bad_request", attempts: 1, calls: 1...1),
        Row(id: "fail-403", reason: "forbidden", attempts: 1, calls: 1...1),
        Row(id: "fail-404", reason: "not_found", attempts: 1, calls: 1...1),
        Row(id: "rate-limited", reason: nil, attempts: 1, calls: 2...2),
        Row(id: "fail-408", reason: "timeout", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "hang", reason: "timeout", isRetriable: true, attempts: 3, calls: 3...3, isAnswered: false),
        Row(id: "fail-500", reason: "server_error", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "html", reason: "server_error", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "gzip", reason: "server_error", isRetriable: true, attempts: 3, calls: 3...3),
        Row(id: "fail-503-2", reason: nil, attempts: 3, calls: 3...3),
        // libcurl itself asks again on a new connection where a kept one turns out to be dead, up to five times.
        Row(id: "reset", reason: "transport", isRetriable: true, attempts: 3, calls: 3...18, isAnswered: false),
        Row(id: "truncated", reason: "transport", isRetriable: true, attempts: 3, calls: 3...3),
    ]

    private func harness(credentials: (key: String, secret: String)? = nil) throws -> BridgeHarness {
        var simulator = SimulatorConfiguration()
        simulator.countsEachID = true
        simulator.credentials = credentials
        return try BridgeHarness(partitions: 1, simulator: simulator)
    }

    @Test(
        "Each answer gets its reason, its number of attempts and of calls; what came of it keeps status and X-Request-Id"
    )
    func rows() async throws {
        let harness = try harness()
        defer { harness.stop() }
        for row in Self.rows { try await harness.send(row.id) }
        var configuration = harness.configuration
        configuration.lookup.maxAttempts = 3
        configuration.api.timeout = .milliseconds(500)
        // More ids fail here than an API at work has.
        configuration.breaker.window = .zero
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) { try await harness.results(Self.rows.count) }
        let calls = harness.simulator.counters.byID
        for row in Self.rows {
            let record = try #require(records.first { $0.keyText == row.id }, "\(row.id)")
            let lookup = try #require(try record.lookup)
            #expect(record.topic == (row.reason == nil ? "integrations" : "integration-failures"), "\(row.id)")
            #expect(lookup["reason"] == row.reason.map(JSONValue.string), "\(row.id)")
            #expect(lookup["retryable"] == (row.reason == nil ? nil : .bool(row.isRetriable)), "\(row.id)")
            #expect(lookup["attempts"] == .number("\(row.attempts)"), "\(row.id)")
            #expect(row.calls.contains(calls[row.id] ?? 0), "\(row.id): \(calls[row.id] ?? 0)")
            #expect((lookup["status"] != nil) == row.isAnswered, "\(row.id)")
            #expect((lookup["request_id"]?.string?.isEmpty == false) == row.isAnswered, "\(row.id)")
        }
        #expect(records.count == Self.rows.count)
    }

    @Test("A 404 and a 403 are asked for once within their time, and say that they come from the cache")
    func negativeCache() async throws {
        let harness = try harness()
        defer { harness.stop() }
        let bridge = try harness.bridge()
        let ids = ["fail-404", "fail-403"]
        let records = try await harness.running(bridge) {
            for id in ids { try await harness.send(id) }
            _ = try await harness.results(2)
            for _ in 0..<10 { for id in ids { try await harness.send(id) } }
            return try await harness.results(22)
        }
        #expect(harness.simulator.counters.lookups == 2)
        #expect(try records.filter { try $0.lookup?["source"] == .string("cache") }.count == 20)
        for record in records where try record.lookup?["source"] == .string("cache") {
            #expect(try record.lookup?["attempts"] == .number("0"))
            #expect(try record.lookup?["request_id"]?.string?.isEmpty == false)
        }
    }

    @Test("401 with `api.onUnauthorized: fail` is the record's Failure after one call")
    func unauthorizedFails() async throws {
        let harness = try harness(credentials: ("key", "right"))
        defer { harness.stop() }
        for number in 0..<20 { try await harness.send("i-\(number)") }
        var configuration = harness.configuration
        configuration.api.auth = .apiKey
        configuration.api.key = "key"
        configuration.api.secret = Secret("wrong")
        configuration.api.onUnauthorized = .fail
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) { try await harness.results(20) }
        for record in records {
            #expect(try record.lookup?["reason"] == .string("unauthorized"))
            #expect(try record.lookup?["retryable"] == .bool(true))
            #expect(try record.lookup?["attempts"] == .number("1"))
        }
        #expect(harness.simulator.counters.lookups == 20)
    }

    @Test("403 that says 'invalid API key' pauses like 401: few calls, no failure, and records keep their attempts")
    func invalidKey() async throws {
        let harness = try harness(credentials: ("key", "right"))
        defer { harness.stop() }
        for number in 0..<200 { try await harness.send("i-\(number)") }
        var configuration = harness.configuration
        configuration.api.auth = .apiKey
        configuration.api.key = "key"
        configuration.api.secret = Secret("wrong")
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) {
            try await eventually("the refusal") { !bridge.metrics.areCredentialsAccepted }
            // A pause of refused calls: one at a time, with growing waits.
            #expect(harness.simulator.counters.byStatus[401, default: 0] <= 64)
            harness.simulator.setCredentials(("key", "wrong"))
            return try await harness.results(200)
        }
        #expect(records.allSatisfy { $0.topic == "integrations" })
        #expect(try records.allSatisfy { try $0.lookup?["attempts"] == .number("1") })
        #expect(bridge.metrics.areCredentialsAccepted)
        let told = harness.events.withLock { $0.filter { $0.message.contains("refused the credentials") } }
        #expect(told.count == 1, "told once, and rarely after that")
    }

    @Test("An outage fails no record, makes few calls while it lasts, and ends without a storm of repeated calls")
    func outage() async throws {
        let harness = try harness()
        defer { harness.stop() }
        harness.simulator.setOutage(.status(503))
        for number in 0..<2000 { try await harness.send("i-\(number)") }
        var configuration = harness.configuration
        configuration.breaker.openFor = .milliseconds(200)
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) {
            // A dozen openings of the breaker.
            try await eventually("failed probes") { harness.simulator.counters.byStatus[503, default: 0] >= 100 }
            #expect(bridge.metrics.isBreakerOpen)
            harness.simulator.setOutage(nil)
            return try await harness.results(2000)
        }
        #expect(records.allSatisfy { $0.topic == "integrations" })
        #expect(records.count == 2000)
        #expect(harness.simulator.counters.lookups < 2000 + 400)
        let events = harness.events.withLock { $0.map(\.message) }
        #expect(events.contains { $0.contains("the breaker is open") })
        #expect(events.contains { $0.contains("the breaker is closed") })
        #expect(events.filter { $0 == "Partitions assigned" }.count == 1, "no rebalance")
    }

    @Test("What is past its time goes out as stale while the API fails, and is asked for again when it works")
    func stale() async throws {
        let harness = try harness()
        defer { harness.stop() }
        var configuration = harness.configuration
        configuration.cache.ttl = .milliseconds(100)
        configuration.cache.staleWhileRevalidate = .zero
        configuration.lookup.maxAttempts = 2
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) {
            for number in 0..<5 { try await harness.send("i-\(number)") }
            _ = try await harness.results(5)
            let past = ContinuousClock.now + .milliseconds(100)
            harness.simulator.setOutage(.status(500))
            try await eventually("the end of the TTL") { ContinuousClock.now > past }
            for number in 0..<5 { try await harness.send("i-\(number)") }
            return try await harness.results(10)
        }
        #expect(records.allSatisfy { $0.topic == "integrations" })
        let sources = try records.map { try $0.lookup?["source"]?.string ?? "" }
        #expect(sources.filter { $0 == "api" }.count == 5)
        #expect(sources.filter { $0 == "stale" }.count == 5)
    }
}
