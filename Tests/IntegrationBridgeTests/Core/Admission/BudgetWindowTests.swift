import Testing

@testable import IntegrationBridge

@Suite("BudgetWindow")
struct BudgetWindowTests {
    private let start = MonotonicInstant.now

    /// An answer to a call that was sent at `sentAt` and took 20 ms; nothing else is under way.
    private func news(
        _ number: Int, sentAt: Double, remaining: Int, reset: Int, limit: Int? = 100, took: Double = 0.02,
        sent: Int? = nil, inFlight: Int = 0
    ) throws -> QuotaNews {
        let ticket = CallTicket(number: number, sentAt: start + .seconds(sentAt), inFlight: 1)
        let report = BudgetReport(limit: limit, remaining: remaining, reset: .seconds(reset))
        return try #require(
            QuotaNews(
                report, ticket, start: start, now: start + .seconds(sentAt + took), sent: sent ?? number,
                inFlight: inFlight))
    }

    @Test("A late answer does not raise the budget again within a window, nor does one of the window before")
    func lateAnswers() throws {
        var window = BudgetWindow()
        _ = window.note(try news(1, sentAt: 0, remaining: 60, reset: 10, took: 0.5, sent: 3))
        _ = window.note(try news(3, sentAt: 0.2, remaining: 50, reset: 10, took: 0.5, sent: 3))
        _ = window.note(try news(2, sentAt: 0.1, remaining: 58, reset: 10, took: 0.8, sent: 3))
        #expect(window.remaining == 50)
        _ = window.note(try news(5, sentAt: 10.5, remaining: 97, reset: 60, took: 0.5))
        #expect(window.remaining == 97)
        _ = window.note(try news(4, sentAt: 9.5, remaining: 3, reset: 1, took: 2))
        #expect(window.remaining == 97)
    }

    @Test("Calls that are under way and were sent after the answered one are taken off what it says")
    func underWay() throws {
        var window = BudgetWindow()
        _ = window.note(try news(5, sentAt: 0, remaining: 60, reset: 10, sent: 8, inFlight: 3))
        #expect(window.remaining(sent: 8) == 57)
        #expect(window.remaining(sent: 12) == 53)
    }

    @Test("The reset is found to within the time between calls, though it is told in whole seconds")
    func rounding() throws {
        var window = BudgetWindow()
        let reset = 10.37
        for call in 0..<40 {
            let sentAt = Double(call) * 0.13
            let told = Int((reset - sentAt - 0.01).rounded(.up))
            _ = window.note(try news(call + 1, sentAt: sentAt, remaining: 90 - call, reset: told))
        }
        let found = try #require(window.resetsAt)
        #expect(abs(found - reset) < 0.1, "\(found)")
    }

    @Test("The length of a window is learned from two resets, and learned anew when it changes")
    func length() throws {
        var window = BudgetWindow()
        var number = 0
        var left = 100
        func run(_ window: inout BudgetWindow, from: Double, resets: [Double]) throws {
            var now = from
            for reset in resets {
                left = 100
                while now < reset {
                    number += 1
                    left -= 1
                    _ = window.note(
                        try news(number, sentAt: now, remaining: left, reset: Int((reset - now).rounded(.up))))
                    now += 0.21
                }
            }
        }
        try run(&window, from: 0, resets: [5.4])
        #expect(window.length == nil)
        try run(&window, from: 5.5, resets: [15.4, 25.4, 35.4])
        #expect(window.length?.seconds == 10)
        try run(&window, from: 35.5, resets: [39.4, 43.4, 47.4])
        #expect(window.length?.seconds == 4)
    }

    @Test("With the length known the next window is expected to be full, once; after that only an answer can tell")
    func prediction() throws {
        var window = BudgetWindow()
        for call in 0..<200 {
            let sentAt = Double(call) * 0.1
            let reset = Int((10 - sentAt.truncatingRemainder(dividingBy: 10)).rounded(.up))
            _ = window.note(try news(call + 1, sentAt: sentAt, remaining: 99 - call % 100, reset: reset))
        }
        #expect(window.advance(to: 19.95, sent: 200) == .same)
        #expect(window.advance(to: 20.5, sent: 200) == .next)
        #expect(window.remaining(sent: 200) == 100)
        #expect(window.isPredicted)
        #expect(window.advance(to: 25, sent: 200) == .same)
        #expect(window.advance(to: 31, sent: 200) == .unknown)
    }

    @Test("A limit that is raised or lowered in mid-window counts from the first answer that tells of it")
    func changedLimit() throws {
        var window = BudgetWindow()
        _ = window.note(try news(1, sentAt: 0, remaining: 60, reset: 10))
        _ = window.note(try news(2, sentAt: 1, remaining: 459, reset: 9, limit: 500))
        #expect(window.limit == 500)
        #expect(window.remaining == 459)
        _ = window.note(try news(3, sentAt: 2, remaining: 8, reset: 8, limit: 50))
        #expect(window.limit == 50)
        #expect(window.remaining == 8)
    }

    @Test("Others at the same quota are noticed, and are expected to go on until the reset")
    func others() throws {
        var window = BudgetWindow()
        var share = SpendingShare()
        // Two spend alike: each second two calls, one of them ours.
        for call in 0..<25 {
            let sentAt = Double(call)
            let finding = window.note(
                try news(call + 1, sentAt: sentAt, remaining: 100 - 2 * call, reset: Int(60 - sentAt)))
            if case .spending(let spending) = finding { share.note(spending, size: 100) }
        }
        #expect(share.others > 0.4 && share.others < 0.7, "\(share.others)")
        #expect(share.own < 0.8)
        let alone = window.remaining(sent: 25)
        #expect(alone == 52)
        let expected = window.remaining(at: 45, sent: 25, share: share)
        #expect(expected < 40 && expected > 20, "\(expected)")
    }
}
