import Foundation
import RDKafka
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// What must be true of a bridge that a fault has ended, and of the one that comes after it.
extension BridgeScenario {
    /// Starts a bridge and waits until it has done all requests.
    func startAndFinish(
        _ settings: [String: String], sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> BridgeProcess {
        let bridge = try start(settings)
        let isDone = try await eventually(within: .seconds(90)) { try await self.lag() == 0 }
        #expect(isDone, "not all is done: \(bridge.log)", sourceLocation: sourceLocation)
        return bridge
    }

    /// The bridge ends by itself with this code, and says this as the reason.
    func expectEnd(
        of bridge: BridgeProcess, _ code: Int32, saying texts: [String], within time: Duration = .seconds(60),
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        #expect(try await bridge.exitCode(within: time) == code, "\(bridge.log)", sourceLocation: sourceLocation)
        let reason = bridge.log.split(separator: "\n").last { $0.contains("The bridge cannot go on") } ?? ""
        for text in texts {
            #expect(
                reason.contains(text), "'\(text)' is not said: '\(reason)', \(bridge.log)",
                sourceLocation: sourceLocation)
        }
    }

    /// The request at this offset is not committed: its result was not taken.
    func expectNothingCommitted(
        past request: TopicPartitionOffset, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        let committed = try await committed()[request.topicPartition.partition] ?? 0
        #expect(committed <= request.offset, "committed past \(request)", sourceLocation: sourceLocation)
    }

    /// Ends a bridge that has done all requests, and looks at all results: each of so many requests has one; exactly one,
    /// where that is promised.
    @discardableResult
    func expectAllDone(
        by bridge: BridgeProcess, _ guarantee: Guarantee, count: Int,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> [String: [Record]] {
        bridge.signal(SIGTERM)
        #expect(
            try await bridge.exitCode(within: .seconds(40)) == 0, "\(bridge.log)", sourceLocation: sourceLocation)
        #expect(try await lag() == 0, sourceLocation: sourceLocation)
        let results = try await allResults()
        #expect(results.count == count, "\(bridge.log)", sourceLocation: sourceLocation)
        if guarantee == .exactlyOnce {
            #expect(results.values.allSatisfy { $0.count == 1 }, "doubled", sourceLocation: sourceLocation)
        }
        return results
    }
}
