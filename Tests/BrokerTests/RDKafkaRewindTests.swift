import Dispatch
import RDKafka
import Synchronization
import Testing

@Suite("A consumer under transactions on a real Kafka", .needsKafka, .timeLimit(.minutes(4)))
struct RDKafkaBrokerRewindTests {
    private let time = Duration.seconds(20)

    @Test("A rewind gives everything from the committed offset again, under a new epoch, and nothing old after it")
    func rewind() async throws {
        let scenario = try await TransactionScenario(requests: 400, partitions: 2)
        let delegate = EpochDelegate()
        var configuration = scenario.consumerConfiguration()
        configuration.maximumBatchRecords = 7
        let consumer = try Consumer(configuration, delegate: delegate)
        let writer = try await scenario.producer()
        var iterator = consumer.batches.makeAsyncIterator()
        var next: [TopicPartition: Int64] = [:]
        var epoch: UInt64 = 1
        var committed: Int64 = 0
        for round in 0..<12 {
            // Read on for a while, then go back in the middle of it.
            for _ in 0..<(round * 3 + 1) {
                let batch = try #require(try await iterator.next())
                for index in 0..<batch.count {
                    let record = batch[index]
                    let partition = TopicPartition(topic: record.topic, partition: record.partition)
                    let isFirst = partition.partition == 0 ? committed : 0
                    #expect(record.offset == next[partition] ?? isFirst, "\(partition) in epoch \(epoch)")
                    next[partition] = record.offset + 1
                }
                #expect(batch.partitions.allSatisfy { $0.epoch == epoch })
            }
            try await writer.producer.beginTransaction()
            try writer.write("\(round)")
            let group = try consumer.groupMetadata(epoch: epoch)
            try await writer.producer.sendOffsets(scenario.offset(Int64(round)), group: group, timeout: time)
            if round % 3 == 0 {
                try await writer.producer.commitTransaction(timeout: time)
                committed = Int64(round)
            } else {
                try await writer.producer.abortTransaction(timeout: time)
            }
            try await consumer.rewindToCommitted(timeout: time)
            epoch += 1
            next = [:]
            #expect(consumer.assignment.map(\.startOffset) == [committed, 0])
            #expect(consumer.assignment.allSatisfy { $0.epoch == epoch })
            #expect(
                delegate.calls.suffix(2) == [
                    .rewound(epoch: epoch - 1), .assigned(epoch: epoch, start: [committed, 0]),
                ])
            // The membership is the same one: nobody has left the group.
            #expect(try consumer.groupMetadata(epoch: epoch) == group)
        }
        #expect(!delegate.calls.contains { if case .revoked = $0 { true } else { false } })
        await consumer.close(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test("Partitions that the caller has paused stay paused over a rewind, and go on from the committed offset")
    func pausedRewind() async throws {
        let scenario = try await TransactionScenario(requests: 40, partitions: 2)
        let consumer = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        #expect(try await consumer.take(40).count == 40)
        consumer.pause([scenario.partition])
        try await consumer.rewindToCommitted(timeout: time)
        let others = try await consumer.take(20)
        #expect(others.map(\.partition) == [Int32](repeating: 1, count: 20))
        consumer.resume([scenario.partition])
        #expect(try await consumer.take(20).map(\.offset) == Array(0..<20))
        await consumer.close(timeout: time)
    }

    @Test("Rewinds while members come and go all end, and nothing stays unread")
    func rewindsAndRebalances() async throws {
        let scenario = try await TransactionScenario(requests: 40, partitions: 2)
        let consumer = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        #expect(try await consumer.take(40).count == 40)
        let isDone = Mutex(false)
        async let rewinds = {
            var count = 0
            while !isDone.withLock({ $0 }) {
                try await consumer.rewindToCommitted(timeout: .seconds(30))
                count += 1
            }
            return count
        }()
        for _ in 0..<4 {
            let other = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
            #expect(try await eventually(within: .seconds(30)) { !other.assignment.isEmpty })
            await other.close(timeout: time)
        }
        isDone.withLock { $0 = true }
        let count = try await rewinds
        #expect(count > 4)
        #expect(try await eventually(within: .seconds(30)) { consumer.assignment.count == 2 })
        try await consumer.rewindToCommitted(timeout: time)
        let epoch = try #require(consumer.assignment.first?.epoch)
        let records = try await consumer.take(40)
        for partition in 0..<2 as Range<Int32> {
            #expect(records.filter { $0.partition == partition }.map(\.offset) == Array(0..<20))
        }
        #expect(consumer.assignment.allSatisfy { $0.epoch == epoch })
        await consumer.close(timeout: time)
    }

    @Test("What a transaction commits while its partition is revoked is where the next owner begins")
    func revoke() async throws {
        let scenario = try await TransactionScenario(requests: 20)
        let writer = try await scenario.producer()
        let isCommitted = DispatchSemaphore(value: 0)
        let (revokes, isRevoking) = AsyncStream.makeStream(of: Void.self)
        let delegate = EpochDelegate {
            isRevoking.yield()
            _ = isCommitted.wait(timeout: .now() + 10)
        }
        let first = try Consumer(scenario.consumerConfiguration(), delegate: delegate)
        #expect(try await first.take(20).count == 20)
        let epoch = try #require(first.assignment.first?.epoch)
        try await writer.producer.beginTransaction()
        try writer.write("last")
        let closing = Task { await first.close(timeout: .seconds(20)) }
        for await _ in revokes { break }
        try await writer.producer.sendOffsets(
            scenario.offset(13), group: first.groupMetadata(epoch: epoch), timeout: time)
        try await writer.producer.commitTransaction(timeout: time)
        isCommitted.signal()
        await closing.value
        #expect(throws: KafkaError.self) { try first.groupMetadata(epoch: epoch) }
        let second = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        #expect(try await second.take(7).map(\.offset) == Array(13..<20))
        await second.close(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test("A new owner waits for the offsets of a transaction that a crash has left open, and begins before them")
    func openTransaction() async throws {
        let scenario = try await TransactionScenario(requests: 10)
        var configuration = scenario.consumerConfiguration()
        let first = try Consumer(configuration, delegate: EpochDelegate())
        #expect(try await first.take(10).count == 10)
        let crashed = try await scenario.producer(timeout: .seconds(5))
        try await crashed.producer.beginTransaction()
        try crashed.write("never seen")
        try await crashed.producer.sendOffsets(
            scenario.offset(10), group: first.groupMetadata(epoch: #require(first.assignment.first?.epoch)),
            timeout: time)
        await first.close(timeout: time)
        // The broker looks for old transactions every 10 s: the wait is longer than this alone.
        configuration.graceWindow = .zero
        configuration.openTransactionWindow = .seconds(15)
        let delegate = EpochDelegate()
        let second = try Consumer(configuration, delegate: delegate)
        let rewinding = await failure { () async throws(KafkaError) in
            try await second.rewindToCommitted(timeout: .seconds(60))
        }
        #expect(rewinding == nil, "\(String(describing: rewinding))")
        #expect(try await second.take(10).map(\.offset) == Array(0..<10))
        #expect(delegate.calls == [.assigned(epoch: 1, start: [0])])
        await second.close(timeout: time)
        await crashed.producer.close(timeout: .zero)
    }

    @Test(
        "Aborted records and the marks that end transactions are gaps between offsets, which the position goes over")
    func gaps() async throws {
        let scenario = try await TransactionScenario(requests: 0)
        let writer = try TransactionalWriter(
            scenario.broker, id: scenario.id, results: scenario.requests, timeout: .seconds(60))
        try await writer.producer.initTransactions(timeout: time)
        for (count, commits) in [(2, true), (3, false), (1, true), (2, false)] {
            try await writer.producer.beginTransaction()
            for number in 0..<count { try writer.write("\(commits) \(number)") }
            try await writer.producer.flush(timeout: time)
            if commits {
                try await writer.producer.commitTransaction(timeout: time)
            } else {
                try await writer.producer.abortTransaction(timeout: time)
            }
        }
        let consumer = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        // 0 and 1, a mark, three aborted and a mark, 7, a mark, two aborted and a mark.
        #expect(try await consumer.take(3).map(\.offset) == [0, 1, 7])
        let end = try await consumer.watermarks(of: scenario.partition, timeout: time).high
        #expect(end == 12)
        // What follows the last record is read without being handed over.
        let isAtEnd = try await eventually(within: time) { try consumer.positions() == [scenario.partition: end] }
        #expect(isAtEnd)
        await consumer.close(timeout: time)
        await writer.producer.close(timeout: time)
    }
}
