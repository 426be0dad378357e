import Testing

@testable import RDKafka

@Suite("What waits to be sent", .timeLimit(.minutes(1)))
struct SendQueueTests {
    private let cluster: MockCluster
    private let producer: Producer
    private let topic: ProducerTopic

    init() throws {
        cluster = try MockCluster()
        producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) { _ in }
        topic = try producer.topic("t")
    }

    private func queue(
        records: Int = 100, bytes: Int = 1_000, recordBytes: Int = 500, linger: Duration? = .zero,
        usesTransactions: Bool = false
    ) -> SendQueue {
        SendQueue(
            .init(records: records, bytes: bytes, recordBytes: recordBytes, linger: linger),
            usesTransactions: usesTransactions)
    }

    private func add(_ size: Int, to queue: SendQueue) throws {
        try add([UInt8](repeating: 1, count: size), to: queue)
    }

    private func add(_ value: [UInt8], to queue: SendQueue) throws {
        try value.withUnsafeBytes { value in
            try queue.append(
                topic: topic, partition: 0, key: nil, value: value, headers: nil, headerBytes: 0, timestamp: 0, token: 7
            )
        }
    }

    private func code(_ body: () throws -> Void) -> KafkaError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? KafkaError)?.code
        }
    }

    /// How many records are to be sent now; `nil` where the thread sleeps, or ends.
    private func next(_ queue: SendQueue) -> (count: Int, hasRoom: Bool)? {
        var batch = OutgoingBatch()
        guard case .send(let hasRoom) = queue.next(&batch) else { return nil }
        return (batch.count, hasRoom)
    }

    @Test("what has come since goes together; then the thread sleeps until the next record wakes it")
    func together() throws {
        let queue = queue()
        #expect(next(queue) == nil)
        for _ in 0..<3 { try add(10, to: queue) }
        #expect(queue.wake.wait(atMost: .zero), "the first one wakes the thread")
        #expect(!queue.wake.wait(atMost: .zero), "the others need not")
        #expect(next(queue)?.count == 3)
        #expect(next(queue) == nil)
        #expect(queue.waitingCount == 3, "until they are handed over")
        queue.handedOver(3, failed: [])
        #expect(queue.waitingCount == 0)
    }

    @Test("room is counted in records that are not reported, wherever they are, and in bytes that wait")
    func room() throws {
        let queue = queue(records: 3, bytes: 100)
        try add(60, to: queue)
        #expect(code { try add(50, to: queue) } == .queueFull, "too many bytes")
        #expect(next(queue)?.hasRoom == true, "who was refused is told")
        try add(300, to: queue)
        #expect(
            code { try add(1, to: queue) } == .queueFull, "one large record alone may wait")
        #expect(next(queue)?.count == 1)
        try add(1, to: queue)
        #expect(code { try add(1, to: queue) } == .queueFull, "three are not reported")
        queue.handedOver(2, failed: [])
        #expect(code { try add(1, to: queue) } == .queueFull)
        queue.reported(1)
        try add(1, to: queue)
        #expect(
            code { try add(465, to: queue) } == .messageTooLarge, "with what the format adds")
    }

    @Test("with linger.ms the first record waits for others, unless they are many or somebody waits for them")
    func linger() throws {
        let queue = queue(records: 100, bytes: 1_000, linger: .seconds(3_600))
        try add(10, to: queue)
        #expect(next(queue) == nil)
        try add(400, to: queue)
        #expect(next(queue) == nil)
        #expect(!queue.wake.wait(atMost: .zero), "there is time")
        try add(200, to: queue)
        #expect(queue.wake.wait(atMost: .zero), "half of what may wait")
        #expect(next(queue)?.count == 3)
        queue.handedOver(3, failed: [])
        try add(10, to: queue)
        #expect(next(queue) == nil)
        #expect(!queue.drain(until: .now), "it is not handed over")
        queue.stop()
        #expect(next(queue)?.count == 1)
        #expect(code { try add(1, to: queue) } == .closed)
    }

    @Test("without linger.ms a record goes alone where few come, and waits for others where many come")
    func usualLinger() throws {
        let queue = queue(linger: nil)
        try add(1, to: queue)
        #expect(next(queue)?.count == 1)
        queue.handedOver(1, failed: [])
        queue.reported(1)
        // On a machine that stops in between they come slowly, as the queue sees it: again then.
        let waits = try (0..<1_000).contains { _ in
            for _ in 0..<Linger.many { try add(1, to: queue) }
            while let sent = next(queue)?.count { queue.reported(sent) }
            try add(1, to: queue)
            var batch = OutgoingBatch()
            if case .sleep(let due?) = queue.next(&batch) { return due <= .now + Linger.usual }
            queue.reported(batch.count)
            return false
        }
        #expect(waits)
    }

    @Test("a record that no other follows goes out when its time is over")
    func alone() async throws {
        try cluster.createTopic("alone", partitions: 1)
        var configuration = ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)
        configuration.properties = [KafkaProperty("linger.ms", "30")]
        let producer = try Producer(configuration) { _ in }
        let record = ProducerRecord(topic: "alone", partition: 0, key: nil, value: [1])
        for offset in 0..<3 {
            #expect(try await producer.send(record, timeout: .seconds(30)).offset == Int64(offset))
        }
        await producer.close(timeout: .seconds(10))
    }

    @Test("the last one of linger.ms and its other name counts, and what is no time is none")
    func lingerProperty() {
        func linger(_ properties: [(String, String)]) -> Duration? {
            var configuration = ProducerConfiguration(bootstrapServers: "x:1")
            configuration.properties = properties.map { KafkaProperty($0.0, $0.1) }
            return configuration.sendLimits.linger
        }
        #expect(linger([]) == nil, "as the records come")
        #expect(linger([("linger.ms", "0")]) == .zero)
        #expect(linger([("linger.ms", "1.5")]) == .microseconds(1_500))
        #expect(linger([("linger.ms", "7"), ("queue.buffering.max.ms", "3")]) == .milliseconds(3))
        #expect(linger([("linger.ms", "nan")]) == .zero, "which the library takes")
    }

    @Test("records are taken while a transaction is open, and one that was lost on the way is told")
    func transaction() throws {
        let queue = queue(usesTransactions: true)
        #expect(code { try add(1, to: queue) } == .outOfOrder)
        queue.transactionBegan()
        try add(1, to: queue)
        #expect(next(queue)?.count == 1)
        queue.handedOver(1, failed: [(7, KafkaError(.unknownPartition, "none"))])
        #expect(queue.gap?.code == .unknownPartition)
        queue.transactionEnds()
        #expect(code { try add(1, to: queue) } == .outOfOrder)
        queue.transactionBegan()
        #expect(queue.gap == nil)
    }

    @Test("what is given up leaves the queue, and nothing goes until the next transaction")
    func givenUp() throws {
        let queue = queue(usesTransactions: true)
        queue.transactionBegan()
        for _ in 0..<3 { try add(1, to: queue) }
        var batch = OutgoingBatch()
        queue.giveUp(into: &batch)
        #expect(batch.giveUp().map(\.error.code) == [.purgedFromQueue, .purgedFromQueue, .purgedFromQueue])
        #expect(batch.count == 0 && queue.isGivenUp)
        #expect(next(queue) == nil)
        queue.transactionBegan()
        #expect(!queue.isGivenUp)
    }

    @Test("what the sending thread holds when records are given up goes nowhere, and is reported")
    func heldIsGivenUp() throws {
        let queue = queue()
        let reports = Collected<DeliveryReport>()
        let loop = SendLoop(
            queue, producer.client, DeliveryReporter(sends: PendingSends(), onDeliveries: { reports.append($0) }),
            onRoom: {})
        for _ in 0..<3 { try add(1, to: queue) }
        var held = OutgoingBatch()
        _ = queue.next(&held)
        try add(1, to: queue)
        var waiting = OutgoingBatch()
        queue.giveUp(into: &waiting)
        #expect(waiting.count == 1)
        loop.send(&held)
        #expect(reports.all.map { $0.error?.code } == [.purgedFromQueue, .purgedFromQueue, .purgedFromQueue])
        #expect(held.count == 0 && producer.queuedCount == 0)
    }

    @Test("nothing is taken after a failure that is for good")
    func failure() throws {
        let queue = queue()
        queue.fail(KafkaError(.fatal, "first", isFatal: true))
        queue.fail(KafkaError(.fenced, "second", isFatal: true))
        #expect(code { try add(1, to: queue) } == .fatal)
    }

    @Test("a batch keeps null and empty apart, gives up in its order, and grows with what it holds")
    func batch() throws {
        var batch = OutgoingBatch()
        let large = [UInt8](repeating: 2, count: 200_000)
        large.withUnsafeBytes { value in
            for token in 0..<3 {
                batch.append(
                    topic: topic.pointer, partition: 0,
                    key: token == 1 ? nil : UnsafeRawBufferPointer(start: nil, count: 0),
                    value: value, headers: nil, timestamp: 0, token: UInt64(token))
            }
        }
        #expect(batch.byteCount == 600_000)
        for token in 0..<3 {
            let dropped = batch.dropNext()
            #expect(dropped.token == UInt64(token) && dropped.topic == "t")
        }
        batch.removeAll(keeping: 1_000)
        #expect(batch.byteCount == 0)
    }
}
