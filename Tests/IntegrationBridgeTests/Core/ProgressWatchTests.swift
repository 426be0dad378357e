import Testing

@testable import IntegrationBridge

@Suite("ProgressWatch")
struct ProgressWatchTests {
    private let start = MonotonicInstant.now

    @Test("It tells once that nothing is finished for long, and once that things go on")
    func stuck() {
        var watch = ProgressWatch(limit: .seconds(60))
        func look(_ second: Int, finished: Int, unfinished: Int = 5, explained: Bool = false) -> ProgressWatch.News? {
            watch.look(
                finished: finished, unfinished: unfinished, isExplained: explained, now: start + .seconds(second))
        }
        #expect(look(0, finished: 10) == nil)
        #expect(look(1, finished: 10) == nil)
        #expect(look(60, finished: 10) == nil)
        #expect(look(61, finished: 10) == .stuck(for: .seconds(60)))
        #expect(look(300, finished: 10) == nil)
        #expect(look(301, finished: 11) == .goesOn)
        #expect(look(302, finished: 11) == nil)
    }

    @Test("A closed door explains a wait, and so does having nothing to do")
    func explained() {
        var watch = ProgressWatch(limit: .seconds(60))
        for second in 0..<1000 {
            let isIdle = second < 500
            #expect(
                watch.look(
                    finished: 0, unfinished: isIdle ? 0 : 5, isExplained: !isIdle, now: start + .seconds(second)) == nil
            )
        }
    }
}
