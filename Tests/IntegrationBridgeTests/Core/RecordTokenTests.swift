import Testing

@testable import IntegrationBridge
@testable import RDKafka

@Suite("Records' names on their way through the producer")
struct RecordTokenTests {
    private static let period: UInt64 = 1 << 32

    @Test("No name has the bit that marks the producer's own sends, up to the largest assignment and any sequence")
    func topBit() {
        for assignment in [0, 1, 1 << 24, AssignedPartition.largestID] as [UInt32] {
            for sequence in [0, 1, Self.period - 1, Self.period, 1 << 40, .max] {
                let wire = RecordToken(assignment: assignment, sequence: sequence).wire
                #expect(wire & PendingSends.mark == 0, "\(assignment), \(sequence)")
            }
        }
    }

    @Test(
        "Acknowledgements in any order finish their records also where the lower half of the sequence begins anew",
        arguments: [0, 7, period - 2_500, period - 1, period, 3 * period - 1_000, (1 << 40) - 1] as [UInt64],
        0..<5 as Range<UInt64>)
    func anyOrder(first: UInt64, seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var ledger = OffsetLedger()
        ledger.assign(1, startOffset: 100, firstSequence: first)
        ledger.assign(2, startOffset: 100, firstSequence: first)
        var next: Int64 = 100
        var open: [(token: RecordToken, offset: Int64)] = []
        var finished: [RecordToken] = []
        for _ in 0..<5_000 {
            // Some more are open than the window holds at first.
            if open.count < 1_500, Bool.random(using: &random) || open.isEmpty {
                let token = ledger.accept(assignment: 1, offset: next)
                open.append((try #require(token), next))
                next += 1
                continue
            }
            let (token, _) = open.remove(at: Int.random(in: open.indices, using: &random))
            #expect(finish(token.wire, &ledger))
            finished.append(token)
            if let again = finished.randomElement(using: &random) {
                #expect(!finish(again.wire, &ledger), "a repeated one")
            }
            let lowest = open.map(\.offset).min() ?? next
            #expect(ledger.watermark(of: 1) == lowest)
        }
        #expect(try #require(finished.map(\.sequence).max()) >= first + 1_000)
        for token in finished { #expect(!finish(token.wire, &ledger)) }
        #expect(ledger.unfinishedCount == open.count)
        #expect(ledger.watermark(of: 2) == 100, "another assignment's numbers are its own")
    }

    @Test(
        "What was never accepted, is long finished or of another assignment has no effect", arguments: [0, period - 2])
    func outdated(first: UInt64) throws {
        var ledger = OffsetLedger()
        ledger.assign(1, startOffset: 0, firstSequence: first)
        let tokens = try (0..<4 as Range<Int64>).map { offset in
            let token = ledger.accept(assignment: 1, offset: offset)
            return try #require(token)
        }
        #expect(tokens.map(\.sequence) == (0..<4 as Range<UInt64>).map { first + $0 })
        for token in tokens.prefix(2) { #expect(finish(token.wire, &ledger)) }
        let strangers = [
            RecordToken(assignment: 1, sequence: first + 4), RecordToken(assignment: 1, sequence: first &- 1),
            RecordToken(assignment: 1, sequence: first + 4 + Self.period / 2), tokens[0], tokens[1],
            RecordToken(assignment: 2, sequence: first + 2),
        ]
        for token in strangers { #expect(!finish(token.wire, &ledger), "\(token)") }
        #expect(ledger.unfinishedCount == 2)
        #expect(ledger.watermark(of: 1) == 2)
        #expect(finish(tokens[3].wire, &ledger))
        #expect(ledger.watermark(of: 1) == 2)
        #expect(finish(tokens[2].wire, &ledger))
        #expect(ledger.watermark(of: 1) == 4)
    }

    private func finish(_ wire: UInt64, _ ledger: inout OffsetLedger) -> Bool {
        ledger.finish(wire: wire)
    }
}
