import Testing

@testable import IntegrationBridge

@Suite("Admission")
struct AdmissionTests {
    private func report(_ remaining: Int, of limit: Int = 1000, reset: Int = 60) -> BudgetReport {
        BudgetReport(limit: limit, remaining: remaining, reset: .seconds(reset))
    }

    @Test("Before the first answer a few calls go; with no limits told, 64 are under way within five round trips")
    func start() {
        var driver = AdmissionDriver()
        var underWay = driver.startAll()
        #expect(underWay.count == 4)
        #expect(driver.admission.decide(now: driver.now) == .waitForAnswer)
        var roundTrips = 0
        while underWay.count < 64, roundTrips < 10 {
            driver.elapsed += .milliseconds(20)
            driver.end(underWay)
            underWay = driver.startAll()
            roundTrips += 1
        }
        #expect(roundTrips <= 5)
        #expect(underWay.count == 64)
        #expect(driver.admission.budget == (nil, nil, nil))
    }

    @Test("Calls that time out or break off free their places")
    func unanswered() {
        var driver = AdmissionDriver(maxInFlight: 2)
        for _ in 1...10 {
            let calls = driver.startAll()
            #expect(calls.count == 2)
            driver.elapsed += .seconds(10)
            driver.end(calls, .unanswered)
        }
    }

    @Test("What remains is spent evenly until the reset")
    func even() {
        var driver = AdmissionDriver()
        var left = 600
        let run = driver.run(for: .seconds(59), latency: .milliseconds(20)) { now in
            left -= 1
            return BudgetReport(
                limit: 600, remaining: left, reset: .seconds(Int((60 - now.inSeconds).rounded(.up))))
        }
        let perTenSeconds = (0..<5).map { part in run.sent.count { Int($0.inSeconds / 10) == part } }
        #expect(perTenSeconds.allSatisfy { $0 > 85 && $0 < 115 }, "\(perTenSeconds)")
        #expect(run.sent.count > 570 && run.sent.count <= 600)
    }

    @Test("With nothing left no call goes before the reset, and then the pace is known")
    func exhausted() {
        var driver = AdmissionDriver()
        let first = driver.startAll(limit: 1)
        driver.elapsed += .milliseconds(20)
        driver.end(first, .answered, report(0, reset: 30))
        guard case .waitUntil(let until) = driver.admission.decide(now: driver.now) else {
            Issue.record("not waiting")
            return
        }
        #expect(driver.start.duration(to: until) >= .seconds(29) && driver.start.duration(to: until) < .seconds(31))
        #expect(driver.admission.gateClosedUntil == nil)
        #expect(driver.admission.budget.remaining == 0)
        #expect(driver.admission.budget.limit == 1000)
    }

    @Test("The ceiling holds with no limits told, and below what the API allows", arguments: [false, true])
    func ceiling(hasBudget: Bool) {
        var driver = AdmissionDriver(maxRequestsPerSecond: 50)
        let run = driver.run(for: .seconds(10), latency: .milliseconds(20)) { now in
            hasBudget ? report(90_000, of: 100_000, reset: Int((60 - now.inSeconds).rounded(.up))) : nil
        }
        #expect(run.sent.count >= 480 && run.sent.count <= 503, "\(run.sent.count)")
        for second in 0..<10 {
            let count = run.sent.count { $0 >= .seconds(second) && $0 < .seconds(second + 1) }
            #expect(count <= 53, "second \(second): \(count)")
        }
    }

    @Test("Limits that are no longer told no longer slow calls down")
    func silence() {
        var driver = AdmissionDriver()
        let first = driver.startAll(limit: 1)
        driver.elapsed += .milliseconds(20)
        driver.end(first, .answered, report(10, of: 20, reset: 2))
        let run = driver.run(for: .seconds(20), latency: .milliseconds(20)) { _ in nil }
        #expect(run.most == 64)
        #expect(run.sent.count > 10_000)
    }

    @Test("A 429 closes the gate for all calls, until Retry-After")
    func retryAfter() {
        var driver = AdmissionDriver()
        var calls = driver.startAll()
        driver.elapsed += .milliseconds(20)
        driver.end([calls.removeFirst()], .refused(retryAfter: .seconds(7)))
        #expect(driver.admission.isGateClosed(at: driver.now))
        guard case .waitUntil(let until) = driver.admission.decide(now: driver.now) else {
            Issue.record("not closed")
            return
        }
        #expect(until == driver.admission.gateClosedUntil)
        #expect(until >= driver.now + .seconds(7) && until <= driver.now + .milliseconds(7450))
        driver.elapsed = driver.start.duration(to: until)
        #expect(!driver.admission.isGateClosed(at: driver.now))
    }

    @Test("Without Retry-After the gate closes until the reset, and without that for a short while")
    func resetOrBackoff() {
        var driver = AdmissionDriver()
        let calls = driver.startAll(limit: 1)
        driver.end(calls, .refused(retryAfter: nil), report(0, reset: 20))
        #expect(driver.admission.gateClosedUntil.map { $0 >= driver.now + .seconds(20) } ?? false)
        #expect(driver.admission.gateClosedUntil.map { $0 <= driver.now + .milliseconds(21_100) } ?? false)

        driver = AdmissionDriver()
        let others = driver.startAll(limit: 1)
        driver.end(others, .refused(retryAfter: nil), nil)
        #expect(driver.admission.gateClosedUntil.map { $0 <= driver.now + .milliseconds(500) } ?? false)
    }

    @Test("After the gate one call goes first, then twice as many with each round trip")
    func ramp() {
        var driver = AdmissionDriver()
        for _ in 1...6 {
            let calls = driver.startAll()
            driver.elapsed += .milliseconds(20)
            driver.end(calls)
        }
        var calls = driver.startAll()
        #expect(calls.count == 64)
        driver.elapsed += .milliseconds(20)
        driver.end(calls, .refused(retryAfter: .seconds(2)))
        driver.elapsed += .seconds(3)
        var seen: [Int] = []
        for _ in 1...7 {
            calls = driver.startAll()
            seen.append(calls.count)
            driver.elapsed += .milliseconds(20)
            driver.end(calls)
        }
        #expect(seen == [1, 2, 4, 8, 16, 32, 64])
    }

    @Test("A 429 with budget left means too many at once: fewer go, and nobody waits for the reset")
    func concurrency() {
        var driver = AdmissionDriver()
        for _ in 1...3 {
            let calls = driver.startAll(limit: 64)
            driver.elapsed += .milliseconds(20)
            driver.end(calls, .answered, report(900_000, of: 1_000_000))
        }
        let calls = driver.startAll(limit: 64)
        #expect(calls.count > 20)
        driver.elapsed += .milliseconds(20)
        driver.end(calls, .refused(retryAfter: nil), report(800_000, of: 1_000_000))
        #expect(driver.admission.gateClosedUntil.map { $0 <= driver.now + .milliseconds(500) } ?? false)
        driver.elapsed += .seconds(1)
        var most = 0
        for _ in 1...4 {
            let calls = driver.startAll(limit: 64)
            most = max(most, calls.count)
            driver.elapsed += .milliseconds(20)
            driver.end(calls, .answered, report(700_000, of: 1_000_000))
        }
        #expect(most > 1 && most <= calls.count * 7 / 10 + 3, "\(most) after \(calls.count)")
    }

    @Test("429s to calls from before the gate closed are not new closures, and do not make the next wait longer")
    func manyRefusals() {
        for seed in 1...50 {
            var driver = AdmissionDriver(seed: UInt64(seed))
            let calls = driver.startAll()
            driver.elapsed += .milliseconds(20)
            driver.end(calls, .refused(retryAfter: nil))
            #expect(driver.admission.gateClosedUntil.map { $0 <= driver.now + .milliseconds(500) } ?? false)
        }
    }

    @Test("A 429 that arrives after the window it is of does not close the gate in the next one")
    func lateRefusal() {
        var driver = AdmissionDriver()
        var left = 100
        var window = 0
        _ = driver.run(for: .seconds(35), latency: .milliseconds(100)) { now in
            let current = Int(now.inSeconds / 10)
            if current != window { (window, left) = (current, 100) }
            left = max(0, left - 1)
            let reset = 10 - now.inSeconds.truncatingRemainder(dividingBy: 10)
            return BudgetReport(limit: 100, remaining: left, reset: .seconds(Int(reset.rounded(.up))))
        }
        var call: [CallTicket] = []
        while call.isEmpty, driver.elapsed < .seconds(38) {
            driver.elapsed += .milliseconds(10)
            call = driver.startAll(limit: 1)
        }
        #expect(call.count == 1)
        driver.elapsed = .seconds(42)
        driver.end(call, .refused(retryAfter: .seconds(1)), report(0, of: 100, reset: 1))
        #expect(!driver.admission.isGateClosed(at: driver.now))
    }

    @Test("Numbers that make no sense do no harm")
    func nonsense() {
        let numbers = [Int.min, -1, 0, 1, Int.max]
        for limit in numbers {
            for remaining in numbers {
                for reset in [Int64.min / 2, -1, 0, 1, Int64.max / 2] {
                    var driver = AdmissionDriver()
                    let report = BudgetReport(limit: limit, remaining: remaining, reset: .seconds(reset))
                    for _ in 1...3 {
                        driver.end(driver.startAll(limit: 100), .answered, report)
                        driver.elapsed += .seconds(1)
                        driver.end(driver.startAll(limit: 100), .refused(retryAfter: .seconds(reset)), report)
                        driver.elapsed += .seconds(2000)
                    }
                    #expect(driver.admission.gateClosedUntil.map { $0 < driver.now } ?? true)
                }
            }
        }
    }

    @Test("The same seed and the same answers give the same decisions")
    func seeded() {
        func waits(_ seed: UInt64) -> [Duration] {
            var driver = AdmissionDriver(seed: seed)
            return (1...20).map { _ in
                let calls = driver.startAll(limit: 1)
                driver.end(calls, .refused(retryAfter: nil))
                let until = driver.admission.gateClosedUntil.map { driver.start.duration(to: $0) } ?? .zero
                defer { driver.elapsed = until }
                return until - driver.elapsed
            }
        }
        #expect(waits(3) == waits(3))
        #expect(waits(3) != waits(4))
    }
}
