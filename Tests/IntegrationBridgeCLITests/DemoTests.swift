import JSONText
import RDKafka
import Testing

@testable import IntegrationBridgeCLI

@Suite("The demo shows the whole job, and fails when it is not done")
struct DemoTests {
    @Test("A small demo ends with a summary whose numbers are those of its requests", .timeLimit(.minutes(2)))
    func small() async throws {
        let requests = DemoRequests.make(200)
        let failures = requests.filter { $0.expectation != .resolved }.count
        let result = await runTool(["demo", "--requests", "200"])
        #expect(result.code == .success, "\(result.errors)")
        #expect(result.errors.isEmpty)
        let rows = result.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        func count(_ name: String) -> Int? { rows.first { $0.first == name && $0.count > 1 }.flatMap { Int($0[1]) } }
        #expect(count("Requests") == 200)
        #expect(count("Resolved") == 200 - failures)
        #expect(count("Failures") == failures)
        #expect(result.output.contains("Every request has exactly one result."))
        #expect(result.output.contains("A failure  (topic integration-failures)"))
        #expect(result.output.contains("What to try next"))
        #expect(!result.output.contains("\u{1B}"))
        #expect(!result.output.contains("/secret"))
    }

    @Test("The mix is the same each time, of the size asked for, and holds every kind", arguments: [50, 1_000, 5_000])
    func mix(_ count: Int) {
        let requests = DemoRequests.make(count)
        #expect(requests.count == count)
        #expect(requests.map(\.value) == DemoRequests.make(count).map(\.value))
        let reasons = Set(requests.map(\.expectation))
        for reason in ["invalid_request", "not_found", "forbidden", "bad_request", "server_error", "invalid_response"] {
            #expect(reasons.contains(.failed(reason: reason)))
        }
        #expect(requests.contains { $0.value == nil })
        #expect(requests.contains { $0.value == [] })
        if count == 5_000 {
            let plain = requests.compactMap(\.id).filter { $0.hasPrefix("i-") }
            #expect(Set(plain).count == 2_000)
        }
    }

    private func record(_ number: Int, topic: String, reason: String? = nil) -> Record {
        let lookup = reason.map { #"{"outcome":"failed","reason":"\#($0)"}"# } ?? #"{"outcome":"resolved"}"#
        return Record(
            topic: topic, partition: 0, offset: 0, timestamp: nil, timestampKind: .none, key: DemoRequest.key(number),
            value: Array(#"{"target":{"kind":"Slack"},"lookup":\#(lookup)}"#.utf8), headers: [])
    }

    @Test("Two results for a request, a wrong one, and a record that is none are complaints")
    func complaints() {
        let requests = [
            DemoRequest(value: [], expectation: .resolved),
            DemoRequest(value: [], expectation: .failed(reason: "not_found")),
        ]
        var tally = DemoTally(requests, integrationsTopic: "integrations")
        tally.take(record(0, topic: "integrations"))
        #expect(!tally.isComplete && tally.unanswered == 1)
        tally.take(record(1, topic: "failures", reason: "not_found"))
        #expect(tally.isComplete && tally.complaints.isEmpty)
        #expect(tally.resolved == 1 && tally.failed == 1)

        var twice = tally
        twice.take(record(0, topic: "integrations"))
        #expect(twice.complaints == ["order-0 has 2 results"])
        #expect(twice.records == 3)

        var wrong = DemoTally(requests, integrationsTopic: "integrations")
        wrong.take(record(1, topic: "failures", reason: "timeout"))
        #expect(wrong.complaints.count == 1)

        var stray = DemoTally(requests, integrationsTopic: "integrations")
        var record = record(0, topic: "integrations")
        record.value = Array("{}".utf8)
        stray.take(record)
        #expect(stray.complaints == ["a record of integrations is no result"])
    }

    @Test("A wait ends with the first error that is reported")
    func failure() async {
        let board = DemoBoard(DemoTally(DemoRequests.make(50), integrationsTopic: "integrations")) { _ in }
        board.fail(CommandFailure(.unavailable, "first"))
        board.fail(CommandFailure(.failure, "second"))
        await #expect(throws: CommandFailure(.unavailable, "first")) { try await board.wait(until: \.isComplete) }
    }
}
