import CURLTransport
import Foundation
import JSONText
import NotificationsAPI
import NotificationsAPISimulator
import Testing

@Suite("The simulator's limits, as a client sees them", .timeLimit(.minutes(1)))
struct LimitTests {
    @Test("More calls at once than may be are 429s with budget left and no time to come back")
    func concurrency() async throws {
        var configuration = SimulatorConfiguration()
        configuration.latency = .milliseconds(400)
        configuration.rateLimit = .init(limit: 100, window: .seconds(600), concurrency: 3)
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        let answers = try await withThrowingTaskGroup(of: LookupAnswer.self) { group in
            for number in 0..<8 { group.addTask { try await api.lookup("i-\(number)") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let refused = answers.filter { $0.reason == .rateLimited }
        #expect(refused.count == 5)
        #expect(refused.allSatisfy { $0.retryAfter == nil && ($0.rateLimit?.remaining ?? 0) >= 97 })
        #expect(try await api.lookup("i-1").rateLimit?.remaining == 96, "refused calls take nothing of the budget")
        let counters = api.simulator.counters
        #expect(counters.concurrencyLimited == 5 && counters.rateLimited == 0 && counters.calls == 9)
    }

    @Test("Header fields can be left out, and the time to come back be a date, in mid-run")
    func headers() async throws {
        var configuration = SimulatorConfiguration()
        configuration.rateLimit = .init(limit: 1, window: .seconds(600), sendsHeaders: false, retryAfter: .none)
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        #expect(try await api.lookup("i-1").rateLimit == nil)
        let bare = try await api.lookup("i-1")
        #expect(bare.reason == .rateLimited && bare.rateLimit == nil && bare.retryAfter == nil)
        api.simulator.setRateLimit(.init(limit: 1, window: .seconds(600), retryAfter: .date))
        let dated = try await api.lookup("i-1")
        #expect(dated.rateLimit?.remaining == 0)
        guard case .at(let date) = dated.retryAfter else {
            Issue.record("\(String(describing: dated.retryAfter)) is no date")
            return
        }
        #expect((500...602).contains(date.timeIntervalSinceNow))
        #expect(api.simulator.counters.rateLimited == 2)
    }

    @Test("Calls are counted for each caller where that is wanted, and the counters are one JSON object")
    func callers() async throws {
        var configuration = SimulatorConfiguration()
        configuration.countsEachCaller = true
        configuration.rateLimit.window = .milliseconds(50)
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        for id in ["a.i-1", "a.i-2", "b.i-1", "i-1"] { _ = try await api.lookup(id) }
        #expect(api.simulator.counters.byCaller == ["a": 2, "b": 1, "": 1])
        while api.simulator.counters.windows.isEmpty { await Task.yield() }
        let json = try JSONValue(parsing: api.simulator.counters.json.bytes)
        #expect(json["calls"]?.integer == 4)
        #expect(json["by_caller"]?["a"]?.integer == 2)
        #expect(json["by_status"]?["200"]?.integer == 4)
        let windows = api.simulator.counters.windows
        #expect(windows.allSatisfy { $0.used == $0.byCaller.values.reduce(0, +) && $0.refused == 0 })
        let window = try #require(json["windows"]?[0])
        #expect(window["limit"]?.integer == 1_000_000)
        #expect(window["used"]?.integer == windows[0].used)
        #expect(window["refused"]?.integer == 0)
        #expect(window["by_caller"]?["a"]?.integer == windows[0].byCaller["a"])
    }
}
