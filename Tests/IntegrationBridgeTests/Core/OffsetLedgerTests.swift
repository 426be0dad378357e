import Testing

@testable import IntegrationBridge

@Suite("OffsetLedger")
struct OffsetLedgerTests {
    @Test("Every order of finishing five records ends at the last offset, and never passes an unfinished one")
    func everyOrderOfFinishing() throws {
        let offsets: [Int64] = [10, 11, 14, 15, 20]  // gaps are control records
        try forEachPermutation(of: Array(offsets.indices)) { order in
            var ledger = OffsetLedger()
            ledger.assign(1, startOffset: 10)
            let tokens = try offsets.map { try accept(1, $0, &ledger) }
            var finished = Set<Int>()
            for index in order {
                #expect(finish(tokens[index], &ledger))
                finished.insert(index)
                let prefix = offsets.indices.prefix { finished.contains($0) }
                #expect(ledger.watermark(of: 1) == (prefix.last.map { offsets[$0] + 1 } ?? 10))
            }
            #expect(ledger.unfinishedCount == 0)
            #expect(commits(&ledger) == [.init(assignment: 1, previous: 10, offset: 21)])
            #expect(commits(&ledger).isEmpty)
        }
    }

    @Test("The largest window counts from the oldest unfinished record on, whatever is finished behind it")
    func windows() throws {
        var ledger = OffsetLedger()
        #expect(ledger.windows == (0, 0))
        ledger.assign(1, startOffset: 0)
        ledger.assign(2, startOffset: 0)
        let slow = try (0..<3).map { try accept(1, $0, &ledger) }
        let fast = try (0..<5).map { try accept(2, $0, &ledger) }
        #expect(ledger.windows == (2, 5))
        for token in fast { #expect(finish(token, &ledger)) }
        for token in slow[1...] { #expect(finish(token, &ledger)) }
        #expect(ledger.windows == (2, 3))
        ledger.end([1])
        #expect(ledger.windows == (1, 0))
    }

    @Test("A repeated acknowledgement has no effect")
    func repeatedFinish() throws {
        var ledger = OffsetLedger()
        ledger.assign(1, startOffset: 0)
        let first = try accept(1, 0, &ledger)
        let second = try accept(1, 1, &ledger)
        #expect(finish(second, &ledger))
        #expect(!finish(second, &ledger))
        #expect(ledger.watermark(of: 1) == 0)
        #expect(finish(first, &ledger))
        #expect(!finish(first, &ledger))
        #expect(ledger.watermark(of: 1) == 2)
    }

    @Test("Completions of an assignment that is over have no effect on the next one of the same partition")
    func staleAssignment() throws {
        var ledger = OffsetLedger()
        ledger.assign(1, startOffset: 0)
        let stale = try accept(1, 0, &ledger)
        ledger.end([1])
        ledger.assign(2, startOffset: 0)
        let fresh = try accept(2, 0, &ledger)
        #expect(!finish(stale, &ledger))
        #expect(commits(&ledger).isEmpty)
        #expect(finish(fresh, &ledger))
        #expect(commits(&ledger) == [.init(assignment: 2, previous: 0, offset: 1)])
    }

    @Test("A partition that is being given up accepts nothing more, and waits only for what is worked on")
    func revoking() throws {
        var ledger = OffsetLedger()
        ledger.assign(7, startOffset: 0)
        let worked = try accept(7, 0, &ledger)
        let queued = try accept(7, 1, &ledger)
        ledger.beginRevoking([7])
        #expect(isRefused(7, 2, &ledger))
        ledger.abandon(queued)
        #expect(ledger.awaitedCount(in: [7]) == 1)
        ledger.finish(worked)
        #expect(ledger.awaitedCount(in: [7]) == 0)
        #expect(commits(&ledger) == [.init(assignment: 7, previous: 0, offset: 1)])
    }

    @Test("A record that is delivered again in the same assignment is not accepted twice")
    func redelivered() throws {
        var ledger = OffsetLedger()
        ledger.assign(1, startOffset: 5)
        _ = try accept(1, 5, &ledger)
        #expect(isRefused(1, 5, &ledger))
        _ = try accept(1, 6, &ledger)
    }

    @Test("A commit that failed is due again, and a later one replaces it")
    func failedCommit() throws {
        var ledger = OffsetLedger()
        ledger.assign(1, startOffset: 0)
        let tokens = try (0..<3).map { try accept(1, $0, &ledger) }
        ledger.finish(tokens[0])
        let failed = ledger.takeCommits()
        ledger.finish(tokens[1])
        ledger.commitFailed(failed)
        #expect(commits(&ledger) == [.init(assignment: 1, previous: 0, offset: 2)])
    }

    /// Against a model that keeps every record's state in a dictionary: invariants of commits and epochs, and that each
    /// accepted record is in exactly one state.
    @Test("Random work, revokes and assignments agree with a model", arguments: 0..<400)
    func simulation(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed))
        var ledger = OffsetLedger()
        var nextAssignment: UInt32 = 0
        var live: [UInt32: (offsets: [Int64], done: Set<Int64>, next: Int64, committed: Int64)] = [:]
        var open: [(token: RecordToken, assignment: UInt32, offset: Int64)] = []
        for step in 0..<400 {
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<3:
                nextAssignment += 1
                let start = Int64.random(in: 0..<1000, using: &random)
                ledger.assign(nextAssignment, startOffset: start)
                live[nextAssignment] = ([], [], start, start)
            case 3..<5:
                guard let gone = live.keys.sorted().randomElement(using: &random) else { continue }
                ledger.end([gone])
                live[gone] = nil
            case 5..<50:
                guard let assignment = live.keys.sorted().randomElement(using: &random) else { continue }
                let offset = live[assignment]!.next + Int64.random(in: 0..<3, using: &random)
                let token = try accept(assignment, offset, &ledger)
                live[assignment]!.offsets.append(offset)
                live[assignment]!.next = offset + 1
                open.append((token, assignment, offset))
            case 50..<95:
                guard let pick = open.indices.randomElement(using: &random) else { continue }
                let work = Bool.random(using: &random) ? open.remove(at: pick) : open[pick]
                let expected = live[work.assignment].map { !$0.done.contains(work.offset) } ?? false
                #expect(finish(work.token, &ledger) == expected, "seed \(seed), step \(step)")
                live[work.assignment]?.done.insert(work.offset)
            default:
                for commit in ledger.takeCommits() {
                    let model = try #require(live[commit.assignment], "commit after the end; seed \(seed)")
                    #expect(commit.offset > model.committed, "seed \(seed)")
                    let below = model.offsets.filter { $0 < commit.offset }
                    #expect(below.allSatisfy { model.done.contains($0) }, "seed \(seed)")
                    live[commit.assignment]!.committed = commit.offset
                }
            }
            for (assignment, model) in live {
                let lowest = model.offsets.first { !model.done.contains($0) }
                #expect(ledger.oldestUnfinishedOffset(of: assignment) == lowest, "seed \(seed), step \(step)")
            }
        }
        let unfinished = live.values.reduce(0) { $0 + $1.offsets.count - $1.done.count }
        #expect(ledger.unfinishedCount == unfinished, "seed \(seed)")
    }

    private func accept(_ assignment: UInt32, _ offset: Int64, _ ledger: inout OffsetLedger) throws -> RecordToken {
        let token = ledger.accept(assignment: assignment, offset: offset)
        return try #require(token)
    }

    private func isRefused(_ assignment: UInt32, _ offset: Int64, _ ledger: inout OffsetLedger) -> Bool {
        ledger.accept(assignment: assignment, offset: offset) == nil
    }

    private func finish(_ token: RecordToken, _ ledger: inout OffsetLedger) -> Bool {
        ledger.finish(token)
    }

    private func commits(_ ledger: inout OffsetLedger) -> [OffsetLedger.Commit] {
        ledger.takeCommits()
    }

    private func forEachPermutation(of items: [Int], _ body: ([Int]) throws -> Void) throws {
        func permute(_ rest: [Int], _ taken: [Int]) throws {
            if rest.isEmpty { return try body(taken) }
            for index in rest.indices {
                var remaining = rest
                let next = remaining.remove(at: index)
                try permute(remaining, taken + [next])
            }
        }
        try permute(items, [])
    }
}
