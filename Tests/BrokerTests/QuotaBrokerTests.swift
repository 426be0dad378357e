import Foundation
import NotificationsAPISimulator
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The pace, the breaker and the credentials' door with the real program, on real time.
@Suite("The API's quota and the real bridge", .needsKafka, .serialized)
struct QuotaBrokerTests {
    private static let limit = 300

    @Test(
        "A backlog uses nearly all of each window, with hardly a 429, and bridges that share a quota get alike",
        arguments: [["a"], ["a", "b"]])
    func quotaIsUsed(callers: [String]) async throws {
        var configuration = SimulatorConfiguration()
        configuration.latency = .milliseconds(10)
        configuration.rateLimit = .init(limit: Self.limit, window: .seconds(4))
        configuration.countsEachCaller = true
        let quota = try Simulator(configuration)
        defer { quota.stop() }
        var scenarios: [BridgeScenario] = []
        // More than the windows that are looked at hold.
        let backlog = 4000
        for caller in callers {
            let scenario = try await BridgeScenario()
            try await scenario.send("\(caller).int", 0..<backlog)
            scenarios.append(scenario)
        }
        let bridges = try scenarios.map { try $0.start(["API_BASE_URL": quota.baseURL]) }
        let isShared = try await eventually(within: .seconds(90)) { quota.counters.byCaller.count == callers.count }
        #expect(isShared, "\(bridges.map(\.log))")
        // The window that runs now is the bridges' first. Where the machine stands still for a part of a window, nobody
        // makes the calls that belong there: then the next three count.
        let first = quota.counters.windows.count + 1
        let isUsed = try await eventually(within: .seconds(60)) {
            let windows = quota.counters.windows.dropFirst(first)
            return windows.count >= 10 || windows.indices.contains { isUsedWell(windows[$0...].prefix(3), callers) }
        }
        let windows = quota.counters.windows.dropFirst(first)
        #expect(isUsed && windows.indices.contains { isUsedWell(windows[$0...].prefix(3), callers) }, "\(windows)")
        // The rest need not wait for quotas to come.
        quota.setRateLimit(.init(limit: 1_000_000, window: .milliseconds(100)))
        for (scenario, bridge) in zip(scenarios, bridges) {
            try await expectResolved(backlog, scenario, bridge)
            bridge.signal(SIGTERM)
            #expect(try await bridge.exitCode(within: .seconds(40)) == 0, "\(bridge.log)")
        }
    }

    /// Whether three windows are used nearly whole, with hardly a 429, and alike by all callers.
    private func isUsedWell(_ windows: ArraySlice<SimulatorCounters.Window>, _ callers: [String]) -> Bool {
        guard windows.count == 3, windows.allSatisfy({ Double($0.used) >= 0.95 * Double(Self.limit) }) else {
            return false
        }
        let used = windows.reduce(0) { $0 + $1.used }
        let refused = windows.reduce(0) { $0 + $1.refused }
        let shares = callers.map { caller in windows.reduce(0) { $0 + $1.byCaller[caller, default: 0] } }
        let mean = Double(shares.reduce(0, +)) / Double(shares.count)
        return Double(refused) <= 0.02 * Double(used + refused)
            && Double((shares.max() ?? 0) - (shares.min() ?? 0)) <= 0.25 * mean
    }

    @Test("Half a minute of 503 fails no record and costs a few probes, and its end brings no storm of 429s")
    func outage() async throws {
        let count = 10_000
        var configuration = SimulatorConfiguration()
        configuration.latency = .milliseconds(5)
        configuration.rateLimit = .init(limit: 3000, window: .seconds(3))
        let scenario = try await BridgeScenario(simulator: configuration)
        let api = scenario.simulator
        try await scenario.send("int", 0..<count)
        api.setOutage(.status(503))
        let bridge = try scenario.start([
            "BREAKER_OPEN_FOR": "1s",
            "KAFKA_CONSUMER_PROPERTIES":
                "session.timeout.ms=15000,heartbeat.interval.ms=500,max.poll.interval.ms=15000",
        ])
        #expect(try await eventually(within: .seconds(90)) { api.counters.lookups > 0 }, "\(bridge.log)")
        let end = ContinuousClock.now + .seconds(30)
        #expect(try await eventually(within: .seconds(40)) { ContinuousClock.now >= end })
        let probes = api.counters.lookups
        // What was under way when it opened, and three for each second and a part of one.
        #expect((30...200).contains(probes), "\(probes)")
        api.setOutage(nil)
        try await expectResolved(count, scenario, bridge)
        let counters = api.counters
        #expect(counters.lookups - probes <= count * 102 / 100, "\(counters.lookups - probes)")
        #expect(counters.rateLimited <= count / 50, "\(counters.rateLimited)")
        #expect(bridge.log.components(separatedBy: "Partitions assigned").count == 2, "\(bridge.log)")
        #expect(!bridge.log.contains("Partitions lost"), "\(bridge.log)")
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(40)) == 0, "\(bridge.log)")
        #expect(try await scenario.lag() == 0)
    }

    @Test("Credentials that are revoked for some seconds fail no record, and cost a few calls")
    func revokedCredentials() async throws {
        let count = 4000
        var configuration = SimulatorConfiguration()
        configuration.credentials = ("key", "right")
        configuration.latency = .milliseconds(20)
        configuration.rateLimit = .init(limit: 1000, window: .seconds(2))
        let scenario = try await BridgeScenario(simulator: configuration)
        let api = scenario.simulator
        try await scenario.send("int", 0..<count)
        let bridge = try scenario.start(["API_AUTH": "apiKey", "API_KEY": "key", "API_SECRET": "right"])
        let isWorking = try await eventually(within: .seconds(90)) { api.counters.byStatus[200, default: 0] >= 500 }
        #expect(isWorking, "\(bridge.log)")
        api.setCredentials(("key", "other"))
        // What was under way, and then one at a time with growing waits: some seconds.
        let under = try await eventually(within: .seconds(90)) { api.counters.byStatus[401, default: 0] > 0 }
        #expect(under, "\(bridge.log)")
        let end = ContinuousClock.now + .seconds(4)
        #expect(try await eventually(within: .seconds(10)) { ContinuousClock.now >= end })
        let refused = api.counters.byStatus[401, default: 0]
        #expect((2...80).contains(refused), "\(refused)")
        api.setCredentials(("key", "right"))
        try await expectResolved(count, scenario, bridge)
        #expect(bridge.log.contains("The API accepts the credentials again"), "\(bridge.log)")
        bridge.signal(SIGTERM)
        #expect(try await bridge.exitCode(within: .seconds(40)) == 0, "\(bridge.log)")
        #expect(try await scenario.lag() == 0)
    }

    /// Each request has a result, and all of them are in the integrations topic.
    private func expectResolved(_ count: Int, _ scenario: BridgeScenario, _ bridge: BridgeProcess) async throws {
        let results = try await scenario.results(of: count)
        #expect(results.count == count, "\(bridge.log)")
        #expect(results.values.joined().allSatisfy { $0.topic == scenario.integrations }, "\(bridge.log)")
    }
}
