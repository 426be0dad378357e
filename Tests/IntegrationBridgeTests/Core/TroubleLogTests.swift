import Testing

@testable import IntegrationBridge

@Suite("TroubleLog")
struct TroubleLogTests {
    @Test("An outage is told when it begins, once in 30 s, and when it is over")
    func outage() {
        let start = MonotonicInstant.now
        var log = TroubleLog(interval: .seconds(30))
        var lines: [TroubleLog.Line] = []
        for second in 0..<100 {
            if let line = log.failed(now: start + .seconds(second)) { lines.append(line) }
        }
        #expect(lines == [.failing(calls: 1), .failing(calls: 30), .failing(calls: 30), .failing(calls: 30)])
        let over = log.succeeded(now: start + .seconds(100))
        #expect(over == .over(calls: 100))
        let again = log.succeeded(now: start + .seconds(101))
        #expect(again == nil)
    }

    @Test("Single failures among many that succeed are no line each")
    func singleFailures() {
        let start = MonotonicInstant.now
        var log = TroubleLog(interval: .seconds(30))
        var lines = 0
        for second in 0..<60 {
            if log.failed(now: start + .seconds(second)) != nil { lines += 1 }
            if log.succeeded(now: start + .seconds(second) + .milliseconds(10)) != nil { lines += 1 }
        }
        #expect(lines <= 4)
    }
}
