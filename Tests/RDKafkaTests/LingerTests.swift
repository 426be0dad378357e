import Testing

@testable import RDKafka

@Suite("How long the first record waits for others")
struct LingerTests {
    private let start = ContinuousClock.now

    /// What comes of batches of so many records, each so long after the one before.
    private func duration(_ fixed: Duration?, _ batches: [(count: Int, after: Duration)]) -> Duration {
        var linger = Linger(fixed)
        var now = start
        for batch in batches {
            now += batch.after
            linger.sent(batch.count, at: now)
        }
        return linger.duration
    }

    @Test("not at all before anything is known, and where few come")
    func few() {
        #expect(duration(nil, []) == .zero)
        #expect(duration(nil, [(10_000, .zero)]) == .zero, "nobody knows how long they took to come")
        #expect(duration(nil, [(1, .zero), (1, .milliseconds(1))]) == .zero)
        #expect(duration(nil, [(1, .zero), (Linger.many - 1, Linger.usual)]) == .zero)
    }

    @Test("while many come, however they are cut into batches, and no longer")
    func many() {
        #expect(duration(nil, [(1, .zero), (Linger.many, Linger.usual)]) == Linger.usual)
        #expect(duration(nil, [(1, .zero), (Linger.many / 5, Linger.usual / 5)]) == Linger.usual)
        #expect(duration(nil, [(1, .zero), (Linger.many * 10, Linger.usual * 10)]) == Linger.usual)
        #expect(duration(nil, [(1, .zero), (Linger.many, Linger.usual), (3, Linger.usual)]) == .zero)
        #expect(duration(nil, [(1, .zero), (1, .zero)]) == Linger.usual, "at once is fast")
    }

    @Test("what was asked for holds always", arguments: [Duration.zero, .milliseconds(1), .seconds(2)])
    func fixed(_ asked: Duration) {
        #expect(duration(asked, []) == asked)
        #expect(duration(asked, [(1, .zero), (Linger.many * 9, Linger.usual)]) == asked)
        #expect(duration(asked, [(1, .zero), (1, Linger.usual)]) == asked)
    }
}
