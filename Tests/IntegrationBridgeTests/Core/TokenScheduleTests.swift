import Testing

@testable import IntegrationBridge

@Suite("TokenSchedule")
struct TokenScheduleTests {
    private let start = MonotonicInstant.now
    private let random = SplitMix64(seed: 1)

    private func at(_ seconds: Double) -> MonotonicInstant { start + .seconds(seconds) }

    /// A schedule with its first token, issued at 0.
    private func schedule(lifetime: Double = 900) -> TokenSchedule {
        var schedule = TokenSchedule(now: start)
        renew(&schedule, at: 0, lifetime: lifetime)
        return schedule
    }

    private func renew(_ schedule: inout TokenSchedule, at seconds: Double, lifetime: Double = 900) {
        let begins = schedule.begin(now: at(seconds))
        #expect(begins)
        schedule.succeeded(lifetime: .seconds(lifetime), now: at(seconds))
    }

    private func refused(
        _ schedule: inout TokenSchedule, _ generation: UInt64, at seconds: Double
    )
        -> TokenSchedule.Refusal
    { schedule.refused(generation: generation, now: at(seconds)) }

    private func begin(_ schedule: inout TokenSchedule, at seconds: Double) -> Bool {
        schedule.begin(now: at(seconds))
    }

    private func fail(_ schedule: inout TokenSchedule, at seconds: Double, retryAfter: Duration? = nil) {
        let begins = begin(&schedule, at: seconds)
        #expect(begins)
        var random = random
        schedule.failed(retryAfter: retryAfter, now: at(seconds), using: &random)
    }

    @Test(
        "A token is renewed 60 s before its end, or at half its life where that is shorter",
        arguments: [(900, 840), (121, 61), (120, 60), (100, 50), (2, 1), (1, 0.5)])
    func due(lifetime: Double, due: Double) {
        #expect(schedule(lifetime: lifetime).due == at(due))
    }

    @Test("The first renewal is due at once; there is no token before it")
    func first() {
        let schedule = TokenSchedule(now: start)
        #expect(schedule.due == start && schedule.generation == 0 && !schedule.isUsable(at: start))
    }

    @Test("A token's life is counted from before it was asked for, and one that is over is renewed at once")
    func slowAnswer() {
        var schedule = TokenSchedule(now: start)
        #expect(begin(&schedule, at: 0))
        schedule.succeeded(lifetime: .seconds(900), now: at(8))
        #expect(schedule.due == at(840))
        #expect(schedule.isUsable(at: at(899.9)) && !schedule.isUsable(at: at(900)))
        var late = TokenSchedule(now: start)
        #expect(begin(&late, at: 0))
        late.succeeded(lifetime: .seconds(5), now: at(8))
        #expect(late.due == at(8) && !late.isUsable(at: at(8)))
    }

    @Test("One renewal is under way at a time, and none before it is due")
    func one() {
        var schedule = schedule()
        #expect(!begin(&schedule, at: 839.9))
        #expect(begin(&schedule, at: 840))
        #expect(schedule.due == nil && schedule.isRefreshing)
        #expect(!begin(&schedule, at: 900))
        schedule.abandoned()
        #expect(begin(&schedule, at: 840), "who gives up leaves it to others")
    }

    @Test("A failed renewal keeps the token to its end, and is tried again with growing waits that are bounded")
    func failure() {
        var schedule = schedule()
        var random = random
        for attempt in 1...12 {
            guard let now = schedule.due, schedule.begin(now: now) else {
                Issue.record("nothing is due")
                return
            }
            schedule.failed(retryAfter: nil, now: now, using: &random)
            #expect(schedule.generation == 1 && schedule.failures == attempt)
            let wait = schedule.due.map { $0 - now } ?? .zero
            #expect(wait >= .zero && wait <= min(.seconds(1 << (attempt - 1)), .seconds(30)))
        }
        #expect(schedule.isUsable(at: at(899)))
        renew(&schedule, at: 2_000)
        #expect(schedule.generation == 2 && schedule.failures == 0)
    }

    @Test("A server's wish to be asked later is kept, within reason", arguments: [(120, 120), (86_400, 300)])
    func retryAfter(asked: Int, waited: Double) {
        var schedule = schedule()
        fail(&schedule, at: 840, retryAfter: .seconds(asked))
        #expect(schedule.due == at(840 + waited))
    }

    @Test("Refused with an older token: the newer one is there already")
    func older() {
        var schedule = schedule()
        renew(&schedule, at: 840)
        #expect(refused(&schedule, 1, at: 841) == .tryAgain)
        #expect(schedule.due == at(1680), "nothing is asked for")
    }

    @Test("Refused with an older token, while the newer one's life is over: that one must be renewed")
    func olderAndOver() {
        var schedule = schedule()
        #expect(refused(&schedule, 0, at: 901) == .refresh)
        fail(&schedule, at: 901)
        #expect(refused(&schedule, 0, at: 901) == .fault)
    }

    @Test(
        "A token that was accepted and is refused is renewed at once; all who ask meanwhile wait for the same renewal")
    func revoked() {
        var schedule = schedule()
        schedule.accepted(generation: 1)
        #expect(refused(&schedule, 1, at: 10) == .refresh)
        #expect(begin(&schedule, at: 10))
        for _ in 0..<64 { #expect(refused(&schedule, 1, at: 10.1) == .refresh) }
        schedule.succeeded(lifetime: .seconds(900), now: at(10.2))
        #expect(refused(&schedule, 1, at: 10.3) == .tryAgain)
    }

    @Test("A token that no call was accepted with is at fault while it is fresh, and renewed when it is not")
    func neverAccepted() {
        var schedule = schedule()
        #expect(refused(&schedule, 1, at: 29.9) == .fault)
        schedule.accepted(generation: 7)
        #expect(refused(&schedule, 1, at: 29.9) == .fault, "another generation's luck does not count")
        #expect(refused(&schedule, 1, at: 30) == .refresh)
    }

    @Test("A token that a refusal asked for is at fault while it is fresh, even where calls were accepted with it")
    func askedFor() {
        var schedule = schedule()
        schedule.accepted(generation: 1)
        #expect(refused(&schedule, 1, at: 10) == .refresh)
        renew(&schedule, at: 10)
        schedule.accepted(generation: 2)
        #expect(refused(&schedule, 2, at: 39) == .fault)
        #expect(refused(&schedule, 2, at: 40) == .refresh)
    }

    @Test("A token that was renewed in time and accepted is renewed when it is refused, however young")
    func renewedInTime() {
        var schedule = schedule()
        renew(&schedule, at: 840)
        schedule.accepted(generation: 2)
        #expect(refused(&schedule, 2, at: 840.1) == .refresh)
    }

    @Test("A token whose life is over may be refused: it is nobody's fault")
    func expired() {
        var schedule = schedule(lifetime: 5)
        #expect(refused(&schedule, 1, at: 5) == .refresh)
    }

    @Test("While a renewal that failed waits for its time, refusals ask for none: a server in trouble is left alone")
    func backoff() {
        var schedule = schedule()
        schedule.accepted(generation: 1)
        #expect(refused(&schedule, 1, at: 10) == .refresh)
        fail(&schedule, at: 10, retryAfter: .seconds(20))
        #expect(refused(&schedule, 1, at: 29) == .fault)
        #expect(!begin(&schedule, at: 29))
        #expect(refused(&schedule, 1, at: 30) == .refresh)
        renew(&schedule, at: 30)
        #expect(refused(&schedule, 2, at: 31) == .fault, "the refusal before is what asked for it")
    }

    /// An API that revokes tokens, refuses exchanges and refuses good tokens, at random.
    @Test(
        "Whatever an API does: one renewal at a time, few of them, and a good token soon after it is well again",
        arguments: 0..<200)
    func simulation(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        let lifetime = Double.random(in: 20...2_000, using: &random)
        var schedule = TokenSchedule(now: start)
        var now = 0.0
        var good: Set<UInt64> = []
        var underWay = 0
        var (asked, inTime, successes) = (0, 0, 0)
        var answersAt: Double?
        func step(isWell: Bool, calls: Int) {
            now += Double.random(in: 0...2, using: &random)
            if let due = schedule.due, due <= at(now), Bool.random(using: &random) || isWell {
                let wasInTime = schedule.failures == 0
                if schedule.begin(now: at(now)) {
                    underWay += 1
                    if wasInTime { inTime += 1 }
                    answersAt = now + Double.random(in: 0...3, using: &random)
                }
                #expect(underWay == 1)
            }
            if let time = answersAt, time <= now {
                underWay -= 1
                answersAt = nil
                let before = schedule.generation
                switch Int.random(in: 0..<(isWell ? 1 : 3), using: &random) {
                case 0:
                    schedule.succeeded(lifetime: .seconds(lifetime), now: at(now))
                    successes += 1
                    #expect(schedule.generation == before + 1)
                    good.insert(before + 1)
                case 1:
                    schedule.failed(retryAfter: nil, now: at(now), using: &random)
                    #expect(schedule.generation == before)
                default: schedule.abandoned()
                }
            }
            if !isWell, Int.random(in: 0..<50, using: &random) == 0 { good = [] }
            for _ in 0..<calls where schedule.isUsable(at: at(now)) {
                let generation = schedule.generation
                if good.contains(generation), isWell || Int.random(in: 0..<20, using: &random) > 0 {
                    schedule.accepted(generation: generation)
                } else if schedule.refused(generation: generation, now: at(now)) == .refresh {
                    asked += 1
                }
            }
        }
        for _ in 0..<2_000 { step(isWell: false, calls: 8) }
        // Each renewal that succeeds was due in time, or asked for: at most once while fresh, once per token in time.
        let dueInTime = now / max(lifetime - 60, lifetime / 2) + 1
        #expect(Double(successes) <= 2 * dueInTime + now / 30 + 2)
        for _ in 0..<200 { step(isWell: true, calls: 1) }
        #expect(schedule.isUsable(at: at(now)) && good.contains(schedule.generation))
        #expect(asked > 0 && inTime > 0)
    }
}
