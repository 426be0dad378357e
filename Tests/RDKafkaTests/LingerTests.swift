import Testing

@testable import RDKafka

@Suite("How long the first record waits for others")
struct LingerTests {
    private let start = ContinuousClock.now

    /// How long the next record waits after batches of so many records, each so long after the one before.
    private func duration(
        _ fixed: Duration?, _ batches: [(count: Int, after: Duration)], pause: Duration = .zero
    ) -> Duration {
        var linger = Linger(fixed)
        var now = start
        for batch in batches {
            now += batch.after
            linger.sent(batch.count, at: now)
        }
        now += pause
        return linger.end { now }.map { now.duration(to: $0) } ?? .zero
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

    @Test("and not after a pause, however many came before it: a burst is not a flow")
    func burst() {
        let burst: [(Int, Duration)] = [(1, .zero), (1, .seconds(1)), (99, .milliseconds(1))]
        #expect(duration(nil, burst) == Linger.usual)
        #expect(duration(nil, burst, pause: Linger.usual) == Linger.usual)
        #expect(duration(nil, burst, pause: Linger.usual + .nanoseconds(1)) == .zero)
    }

    @Test("what was asked for holds always", arguments: [Duration.zero, .milliseconds(1), .seconds(2)])
    func fixed(_ asked: Duration) {
        #expect(duration(asked, []) == asked)
        #expect(duration(asked, [(1, .zero), (Linger.many * 9, Linger.usual)]) == asked)
        #expect(duration(asked, [(1, .zero), (1, Linger.usual)]) == asked)
    }
}
