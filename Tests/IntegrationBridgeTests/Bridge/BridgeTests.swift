import JSONText
import NotificationsAPISimulator
import RDKafka
import Synchronization
import Testing

@testable import IntegrationBridge

@Suite("Bridge on a mock cluster", .serialized)
struct BridgeTests {
    @Test("A resolved request becomes the API's document with one member `lookup`, its key, timestamp and headers")
    func resolved() async throws {
        let harness = try BridgeHarness()
        defer { harness.stop() }
        let value = #"{"integration_id":"i-12345","why":"test"}"#
        let sent = try await harness.send(
            Array(value.utf8), key: Array("order-7".utf8),
            headers: [
                RecordHeader(name: "tenant", value: Array("acme".utf8)), RecordHeader(name: "empty", value: []),
                RecordHeader(name: "null", value: nil), RecordHeader(name: "tenant", value: Array("again".utf8)),
                RecordHeader(name: "ce_id", value: Array("theirs".utf8)),
                RecordHeader(name: "content-type", value: Array("application/json".utf8)),
                RecordHeader(
                    name: "traceparent", value: Array("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".utf8)),
                RecordHeader(name: "__connect.errors.topic", value: Array("theirs".utf8)),
            ], partition: 1, timestamp: 1_700_000_000_123)
        let bridge = try harness.bridge()
        let record = try #require(try await harness.running(bridge) { try await harness.results(1) }.first)

        #expect(record.topic == "integrations")
        #expect(record.keyText == "order-7")
        #expect(record.timestamp == 1_700_000_000_123)
        #expect(
            record.headers.prefix(4).map(\.name) == ["tenant", "empty", "null", "tenant"],
            "the request's own headers come first, in their order")
        #expect(record.headers[1].value == [])
        #expect(record.headers[2].value == nil)
        #expect(record.header("ce_specversion") == "1.0")
        #expect(record.headers.filter { $0.name == "ce_id" }.count == 1)
        #expect(record.header("ce_id") == "integration-lookups-1-\(sent.offset)")
        #expect(record.header("ce_source") == "/integration-bridge/integration-bridge")
        #expect(record.header("ce_type") == "integration-bridge.integration.resolved.v1")
        #expect(record.header("ce_subject") == "i-12345")
        #expect(record.header("content-type") == "application/json")
        #expect(record.header("traceparent") == "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        #expect(record.header("__connect.errors.topic") == nil)

        let document = try record.json
        #expect(document["id"] == .string("i-12345"))
        let lookup = try #require(document["lookup"])
        #expect(lookup["integration_id"] == .string("i-12345"))
        #expect(lookup["outcome"] == .string("resolved"))
        #expect(lookup["source"] == .string("api"))
        #expect(lookup["status"] == .number("200"))
        #expect(lookup["attempts"] == .number("1"))
        #expect(lookup["request_id"]?.string?.isEmpty == false)
        #expect(lookup["resolved_at"] == record.header("ce_time").map(JSONValue.string))
        #expect(
            lookup["request"]
                == .object([
                    .init("topic", .string("integration-lookups")), .init("partition", .number("1")),
                    .init("offset", .number("\(sent.offset)")), .init("timestamp", .number("1700000000123")),
                    .init("value", try JSONValue(parsing: Array(value.utf8))),
                ]))
    }

    @Test("Each kind of bad request becomes one Failure, and the partition goes on")
    func badRequests() async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        try await harness.send(nil, key: Array("tombstone".utf8))
        try await harness.send("", key: "empty")
        try await harness.send("{}", key: "no id")
        try await harness.send("not an id", key: "text")
        try await harness.send([0xff, 0xfe], key: nil)
        try await harness.send(#"{"integration_id":"ok-1"}"#, key: nil)
        let bridge = try harness.bridge()
        let records = try await harness.running(bridge) { try await harness.results(6) }
        let failures = records.filter { $0.topic == "integration-failures" }.sorted { $0.offset < $1.offset }
        #expect(failures.count == 5)
        for failure in failures {
            let lookup = try #require(try failure.lookup)
            #expect(lookup["reason"] == .string("invalid_request"))
            #expect(lookup["retryable"] == .bool(false))
            #expect(lookup["integration_id"] == nil)
            #expect(lookup["attempts"] == .number("0"))
            #expect(failure.header("ce_subject") == nil)
            #expect(failure.header("ce_type") == "integration-bridge.integration.failed.v1")
            #expect(failure.header("__connect.errors.topic") == "integration-lookups")
            #expect(failure.header("__connect.errors.partition") == "0")
            #expect(failure.header("__connect.errors.exception.message")?.isEmpty == false)
            #expect(try failure.json["errors"]?.elements?.count == 1)
        }
        #expect(failures.map(\.keyText) == ["tombstone", "empty", "no id", "text", nil])
        #expect(try failures[0].lookup?["request"]?["value"] == nil)
        #expect(try failures[2].lookup?["request"]?["value"] == .object([]))
        #expect(try failures[3].lookup?["request"]?["value"] == .string("not an id"))
        #expect(try failures[4].lookup?["request"]?["value_base64"] == .string("//4="))
        #expect(records.first { $0.topic == "integrations" }?.keyText == "ok-1", "no key: the id is the key")
    }

    @Test("What the API refuses or fails at ends as the Failure with the right reason and number of attempts")
    func failures() async throws {
        let harness = try BridgeHarness()
        defer { harness.stop() }
        let expected: [(id: String, reason: String?, attempts: String)] = [
            ("fail-404", "not_found", "1"), ("fail-403", "forbidden", "1"), ("fail-400", "bad_request", "1"),
            ("fail-500", "server_error", "3"), ("html-200", "invalid_response", "3"), ("reset", "transport", "3"),
            ("wrong-id", "invalid_response", "3"), ("fail-500-2", nil, "3"),
        ]
        for request in expected { try await harness.send(request.id) }
        var configuration = harness.configuration
        configuration.lookup.maxAttempts = 3
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) { try await harness.results(expected.count) }
        for request in expected {
            let record = try #require(records.first { $0.keyText == request.id }, "\(request.id)")
            let lookup = try #require(try record.lookup)
            #expect(lookup["reason"] == request.reason.map(JSONValue.string), "\(request.id)")
            #expect(lookup["attempts"] == .number(request.attempts), "\(request.id)")
            #expect(record.topic == (request.reason == nil ? "integrations" : "integration-failures"))
        }
    }

    @Test("Requests for one id make one call while it is in flight, and none while it is cached")
    func oneCall() async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        for _ in 0..<100 { try await harness.send("slow-300ms") }
        let bridge = try harness.bridge()
        let records = try await harness.running(bridge) {
            _ = try await harness.results(100)
            for _ in 0..<50 { try await harness.send("slow-300ms") }
            return try await harness.results(150)
        }
        #expect(harness.simulator.counters.lookups == 1)
        let sources = try records.map { try $0.lookup?["source"]?.string }
        #expect(sources.filter { $0 == "api" }.count == 1)
        #expect(sources.filter { $0 == "cache" }.count >= 50)
        #expect(bridge.metrics.acknowledged == 150)
    }

    @Test("A second bridge of the group goes on where the first one ended")
    func goesOn() async throws {
        let harness = try BridgeHarness()
        defer { harness.stop() }
        for number in 0..<20 { try await harness.send("first-\(number)") }
        try await harness.running(try harness.bridge()) { _ = try await harness.results(20) }
        for number in 0..<10 { try await harness.send("second-\(number)") }
        let second = try harness.bridge()
        let records = try await harness.running(second) { try await harness.results(30) }
        #expect(records.count == 30)
        #expect(second.metrics.requests == 10)
    }

    @Test("Shutting down with slow calls under way ends in order: they finish, and their offsets are committed")
    func shutsDownInOrder() async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        for number in 0..<5 { try await harness.send("slow-1000ms-\(number)") }
        let first = try harness.bridge()
        try await harness.running(first) {
            try await eventually("calls") { harness.simulator.counters.lookups >= 5 }
        }
        #expect(first.metrics.acknowledged == 5)
        #expect(first.metrics.commits.succeeded > 0)
    }

    @Test("Cancelling the task of run() is an orderly shutdown too, and returns without an error")
    func cancelled() async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        try await harness.send("slow-500ms")
        let bridge = try harness.bridge()
        let run = Task { try await bridge.run() }
        try await eventually("calls") { harness.simulator.counters.lookups >= 1 }
        run.cancel()
        try await run.value
        #expect(bridge.metrics.acknowledged == 1)
    }

    /// Runs a bridge whose one call never ends, and tells it to stop.
    ///
    /// - Parameter onDraining: called once it waits for the call.
    /// - Returns: what the run threw, and how long after it was told to stop.
    private func endOfHangingRun(
        grace: Duration, onDraining: (Bridge) -> Void = { _ in }
    ) async throws -> (bridge: Bridge, error: BridgeError?, time: Duration) {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        try await harness.send("hang")
        var configuration = harness.configuration
        configuration.shutdown.gracePeriod = grace
        let bridge = try harness.bridge(configuration)
        let run = Task { try await bridge.run() }
        try await eventually("the call") { harness.simulator.counters.lookups >= 1 }
        let start = ContinuousClock.now
        bridge.shutDown()
        try await eventually("the wait for the call") { bridge.stage == .draining }
        onDraining(bridge)
        guard case .failure(let error) = await run.result else { return (bridge, nil, ContinuousClock.now - start) }
        return (bridge, error as? BridgeError, ContinuousClock.now - start)
    }

    @Test(
        "Calls that never end do not keep the bridge beyond its grace period: it says so, and their offsets stay uncommitted"
    )
    func graceKept() async throws {
        let (bridge, error, time) = try await endOfHangingRun(grace: .seconds(3))
        #expect(error?.code == .incompleteStop)
        #expect(time < .seconds(4))
        #expect(bridge.metrics.acknowledged == 0)
        #expect(bridge.metrics.commits.succeeded == 0)
    }

    @Test("What fails for good while the bridge waits for its last calls ends the wait, and is what run() throws")
    func failsWhileStopping() async throws {
        let (_, error, time) = try await endOfHangingRun(grace: .seconds(60)) { bridge in
            bridge.ledger.fail(KafkaError(.messageTooLarge, "refused", topic: "integrations"))
        }
        #expect(error?.message.contains("refused") == true)
        #expect(time < .seconds(10))
    }

    @Test("Shutting down while the API fails does not wait for the grace period: what must try again is given back")
    func endsWhileFailing() async throws {
        let harness = try BridgeHarness(partitions: 1)
        defer { harness.stop() }
        harness.simulator.setOutage(.status(503))
        for number in 0..<20 { try await harness.send("i-\(number)") }
        var configuration = harness.configuration
        configuration.lookup.maxAttempts = 1000
        configuration.lookup.retryFor = .seconds(3600)
        configuration.shutdown.gracePeriod = .seconds(60)
        let bridge = try harness.bridge(configuration)
        let clock = ContinuousClock()
        let stopping = try await harness.running(bridge) {
            try await eventually("calls") { harness.simulator.counters.lookups >= 50 }
            return clock.now
        }
        #expect(clock.now - stopping < .seconds(10))
        #expect(bridge.metrics.acknowledged == 0)
        #expect(bridge.metrics.commits.succeeded == 0)
    }

    @Test("Refused credentials pause the bridge: nothing fails, and it goes on when they are accepted")
    func unauthorized() async throws {
        var simulator = SimulatorConfiguration()
        simulator.credentials = ("key", "right")
        let harness = try BridgeHarness(simulator: simulator)
        defer { harness.stop() }
        for number in 0..<10 { try await harness.send("i-\(number)") }
        var configuration = harness.configuration
        configuration.api.auth = .apiKey
        configuration.api.key = "key"
        configuration.api.secret = Secret("wrong")
        let bridge = try harness.bridge(configuration)
        let records = try await harness.running(bridge) {
            try await eventually("a refusal") { harness.simulator.counters.byStatus[401, default: 0] > 0 }
            harness.simulator.setCredentials(("key", "wrong"))
            return try await harness.results(10)
        }
        #expect(records.allSatisfy { $0.topic == "integrations" })
        #expect(try records.allSatisfy { try $0.lookup?["attempts"] == .number("1") })
        #expect(harness.events.withLock { $0.contains { $0.message.contains("refused the credentials") } })
    }

    @Test("run() may be called once")
    func once() async throws {
        let harness = try BridgeHarness()
        defer { harness.stop() }
        let bridge = try harness.bridge()
        bridge.shutDown()
        try await bridge.run()
        await #expect(throws: BridgeError.self) { try await bridge.run() }
    }
}
