import Testing

@testable import IntegrationBridge

@Suite("RetrySchedule")
struct RetryScheduleTests {
    private let schedule = RetrySchedule(initial: .milliseconds(200), maximum: .seconds(10))

    @Test("The longest wait doubles up to the maximum and does not overflow")
    func ceilings() {
        let expected: [Int] = [200, 400, 800, 1600, 3200, 6400, 10_000, 10_000]
        for (attempt, milliseconds) in zip(1..., expected) {
            #expect(schedule.ceiling(afterAttempt: attempt) == .milliseconds(milliseconds))
        }
        #expect(schedule.ceiling(afterAttempt: 1_000_000) == .seconds(10))
        #expect(schedule.ceiling(afterAttempt: 0) == .milliseconds(200))
    }

    @Test("Waits are spread over the whole range from zero: full jitter")
    func jitter() {
        var random = SplitMix64(seed: 7)
        var tenths = Array(repeating: 0, count: 10)
        for _ in 0..<10_000 {
            let wait = schedule.wait(afterAttempt: 3, using: &random)
            #expect(wait >= .zero && wait <= .milliseconds(800))
            tenths[min(9, Int(wait / .milliseconds(80)))] += 1
        }
        #expect(tenths.allSatisfy { $0 > 800 && $0 < 1200 }, "\(tenths)")
    }
}
