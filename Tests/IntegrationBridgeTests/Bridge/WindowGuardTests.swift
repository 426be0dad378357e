import RDKafka
import Testing

@testable import IntegrationBridge

@Suite("WindowGuard")
struct WindowGuardTests {
    @Test(
        "Only the partition with too much done behind an unfinished record is paused, and resumed at half, or when it has gone"
    )
    func pausesAndResumes() {
        let slow = TopicPartition(topic: "t", partition: 0)
        let fast = TopicPartition(topic: "t", partition: 1)
        var paused: Set<TopicPartition> = []
        let limit = WindowGuard.limit
        #expect(step(&paused, [slow: limit - 1, fast: 0]) == ([], []))
        #expect(step(&paused, [slow: limit, fast: 10]) == ([slow], []))
        #expect(step(&paused, [slow: limit + 500, fast: 10]) == ([], []))
        #expect(step(&paused, [slow: limit / 2, fast: 10]) == ([], []))
        #expect(step(&paused, [slow: limit / 2 - 1, fast: limit]) == ([fast], [slow]))
        #expect(step(&paused, [slow: 0]) == ([], [fast]))
        #expect(paused.isEmpty)
    }

    private func step(
        _ paused: inout Set<TopicPartition>, _ counts: [TopicPartition: Int]
    ) -> (Set<TopicPartition>, Set<TopicPartition>) {
        WindowGuard.change(&paused, counts.mapValues { .init(records: $0, heldBytes: 0) }, mostHeldBytes: 1000)
    }

    @Test(
        "The quick look leaves out no partition that is full",
        arguments: [0, WindowGuard.limit - 1, WindowGuard.limit, WindowGuard.limit + 1], [0, 999, 1000, 1001])
    func quickLook(_ records: Int, _ heldBytes: Int) {
        let load = WindowGuard.Load(records: records, heldBytes: heldBytes)
        var paused: Set<TopicPartition> = []
        let full = WindowGuard.change(&paused, [TopicPartition(topic: "t", partition: 0): load], mostHeldBytes: 1000)
        #expect(WindowGuard.mayBeFull(largest: load, mostHeldBytes: 1000) == !full.pause.isEmpty)
    }

    @Test("A partition of which too much is held back for its order is paused, the others go on")
    func heldBack() {
        let slow = TopicPartition(topic: "t", partition: 0)
        let fast = TopicPartition(topic: "t", partition: 1)
        var paused: Set<TopicPartition> = []
        func step(_ bytes: Int) -> (Set<TopicPartition>, Set<TopicPartition>) {
            WindowGuard.change(
                &paused, [slow: .init(records: 9, heldBytes: bytes), fast: .init(records: 9, heldBytes: 0)],
                mostHeldBytes: 1000)
        }
        #expect(step(999) == ([], []))
        #expect(step(1000) == ([slow], []))
        #expect(step(501) == ([], []))
        #expect(step(500) == ([], [slow]))
    }
}
