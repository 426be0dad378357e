import Foundation
import NotificationsAPISimulator
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite(
    "The bridge and requests that retention has removed", .needsOwnKafka, .serialized, .timeLimit(.minutes(5)))
struct RetentionTests {
    @Test("Retention that passes the committed offset while no bridge runs ends the next run with 70 and both offsets")
    func whileDown() async throws {
        let scenario = try await BridgeScenario(partitions: 1)
        try await scenario.send("a", 0..<20)
        let first = try await scenario.startAndFinish([:])
        first.signal(SIGTERM)
        #expect(try await first.exitCode(within: .seconds(40)) == 0, "\(first.log)")
        try await scenario.send("b", 0..<20)
        try scenario.broker.deleteRecords(of: scenario.requests, before: 30)
        let second = try scenario.start()
        try await scenario.expectEnd(
            of: second, 70, saying: ["offset 20 of \(scenario.requests)[0]", "30 to 40", scenario.group])
        #expect(try await scenario.committed() == [0: 20], "nothing was skipped")
        // What it says is what helps.
        try scenario.reset(to: 30, as: second.log)
        let third = try await scenario.startAndFinish([:])
        try await scenario.expectAllDone(by: third, .exactlyOnce, count: 30)
    }

    @Test(
        "Retention that overtakes a running bridge ends the run with 70 and both offsets, and loses nothing else",
        arguments: Guarantee.allCases)
    func underway(guarantee: Guarantee) async throws {
        let scenario = try await BridgeScenario(partitions: 1)
        // A batch is worked on, the next one waits, and the library fetches one record at a time: it cannot be far.
        let settings = guarantee.settings.merging([
            "LOOKUP_MAX_IN_FLIGHT": "2",
            "KAFKA_CONSUMER_PROPERTIES":
                "session.timeout.ms=6000,heartbeat.interval.ms=500,queued.min.messages=1,fetch.message.max.bytes=1000",
        ]) { $1 }
        scenario.simulator.setLatency(.seconds(3))
        try await scenario.send("a", 0..<6000)
        let bridge = try scenario.start(settings)
        let isWorking = try await eventually(within: .seconds(60)) { scenario.simulator.counters.lookups > 0 }
        #expect(isWorking, "\(bridge.log)")
        try scenario.broker.deleteRecords(of: scenario.requests, before: 5900)
        scenario.simulator.setLatency(.zero)
        try await scenario.expectEnd(
            of: bridge, 70, saying: ["of \(scenario.requests)[0]", "5900 to 6000", scenario.group])
        let committed = try await scenario.committed()[0] ?? 0
        let results = try await scenario.allResults()
        for offset in 0..<committed {
            let count = results["\(scenario.requests)-0-\(offset)"]?.count ?? 0
            #expect(count == 1 || (count > 1 && guarantee == .atLeastOnce), "offset \(offset): \(count) results")
        }
        #expect(guarantee == .atLeastOnce || results.count == Int(committed))
        try scenario.reset(to: 5900, as: bridge.log)
        let next = try await scenario.startAndFinish(guarantee.settings)
        try await scenario.expectAllDone(by: next, guarantee, count: results.count + 100)
    }
}

extension BridgeScenario {
    /// Sets the offset of the first partition with the command that the log advises.
    fileprivate func reset(to offset: Int64, as log: String) throws {
        let options = ["--group", group, "--topic", "\(requests):0", "--reset-offsets", "--to-offset", "\(offset)"]
        #expect(log.contains((options + ["--execute"]).joined(separator: " ")), "\(log)")
        try broker.tool("groups", options + ["--execute"])
    }
}
