import Testing

@testable import RDKafka

@Suite("Waking a thread", .timeLimit(.minutes(5)))
struct WakeSignalTests {
    @Test("A signal that comes before the wait is not lost, and many count once")
    func remembered() {
        let wake = WakeSignal()
        wake.signal()
        wake.signal()
        wake.wait()
        #expect(!wake.wait(atMost: .zero))
    }

    @Test("Without a signal the wait ends after its time, and not before it")
    func timedOut() {
        let start = ContinuousClock.now
        #expect(!WakeSignal().wait(atMost: .milliseconds(20)))
        #expect(start.duration(to: .now) >= .milliseconds(20))
    }

    @Test("A thread that sleeps is woken, whether its sleep has an end or not", arguments: [true, false])
    func woken(_ hasEnd: Bool) async throws {
        let wake = WakeSignal()
        let isAwake = Signal()
        try KafkaThread.start(name: "sleeper") {
            if hasEnd { wake.wait(atMost: .seconds(1 << 40)) } else { wake.wait() }
            isAwake.fire()
        }
        wake.signal()
        #expect(await isAwake.wait(until: .now + .seconds(30)))
    }
}
