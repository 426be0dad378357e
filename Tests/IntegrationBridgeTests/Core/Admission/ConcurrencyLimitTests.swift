import Testing

@testable import IntegrationBridge

@Suite("ConcurrencyLimit")
struct ConcurrencyLimitTests {
    /// A round trip with as many calls as are allowed.
    private func round(_ limit: inout ConcurrencyLimit, sent: inout Int, isPaced: Bool = false) {
        let count = limit.current
        for index in 1...count {
            limit.answered(number: sent + index, underWay: count, isPaced: isPaced)
        }
        sent += count
    }

    @Test("It begins with few calls and doubles with each round trip, up to the maximum")
    func doubling() {
        var (limit, sent) = (ConcurrencyLimit(maximum: 64), 0)
        var seen = [limit.current]
        for _ in 1...5 {
            round(&limit, sent: &sent)
            seen.append(limit.current)
        }
        #expect(seen == [4, 8, 16, 32, 64, 64])
        #expect(ConcurrencyLimit(maximum: 1).current == 1)
        #expect(ConcurrencyLimit(maximum: 3).current == 3)
    }

    @Test("Where a budget is known the pace keeps calls from rushing, and the first answer lifts it")
    func paced() {
        var (limit, sent) = (ConcurrencyLimit(maximum: 64), 0)
        limit.answered(number: 1, underWay: 4, isPaced: true)
        #expect(limit.current == 64)
        round(&limit, sent: &sent, isPaced: true)
        #expect(limit.current == 64)
    }

    @Test("Refusals of one round trip lower it once, by three tenths of what was too many")
    func decrease() {
        var (limit, sent) = (ConcurrencyLimit(maximum: 64), 0)
        for _ in 1...5 { round(&limit, sent: &sent) }
        for number in sent + 1...sent + 20 { limit.refused(number: number, underWay: 20, lastSent: sent + 64) }
        #expect(limit.current == 14)
        limit.refused(number: sent + 65, underWay: 14, lastSent: sent + 80)
        #expect(limit.current == 9)
        for number in 1...20 {
            limit.refused(number: sent + 80 + number, underWay: 1, lastSent: sent + 80 + number)
        }
        #expect(limit.current == 1)
    }

    @Test(
        "After a refusal it grows by one with each round trip, and slowly once it is back where too many were under way"
    )
    func increase() {
        var (limit, sent) = (ConcurrencyLimit(maximum: 64), 0)
        for _ in 1...5 { round(&limit, sent: &sent) }
        limit.refused(number: sent + 1, underWay: 20, lastSent: sent + 20)
        sent += 20
        var seen = [limit.current]
        for _ in 1...6 {
            round(&limit, sent: &sent)
            seen.append(limit.current)
        }
        #expect(seen.first == 14 && seen.last == 19, "\(seen)")
        for _ in 1...20 { round(&limit, sent: &sent) }
        #expect(limit.current == 19)
        for _ in 1...3000 { round(&limit, sent: &sent) }
        #expect(limit.current == 64)
    }

    @Test("Calls that were sent before the gate closed do not raise it again; after that it doubles from one")
    func restart() {
        var (limit, sent) = (ConcurrencyLimit(maximum: 64), 0)
        for _ in 1...5 { round(&limit, sent: &sent) }
        limit.restart(lastSent: sent + 64)
        round(&limit, sent: &sent)
        for number in 1...60 { limit.answered(number: sent + number, underWay: 64, isPaced: false) }
        #expect(limit.current == 1)
        sent += 64
        var seen: [Int] = []
        for _ in 1...7 {
            round(&limit, sent: &sent)
            seen.append(limit.current)
        }
        #expect(seen == [2, 4, 8, 16, 32, 64, 64])
    }

    @Test("Calls that do not use what is allowed do not raise it")
    func unused() {
        var limit = ConcurrencyLimit(maximum: 64)
        for number in 1...100 { limit.answered(number: number, underWay: 1, isPaced: false) }
        #expect(limit.current == 4)
    }
}
