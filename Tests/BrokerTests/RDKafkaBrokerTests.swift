import Foundation
import RDKafka
import Synchronization
import Testing

@Suite("Consumer and producer on a real Kafka", .needsKafka, .timeLimit(.minutes(4)))
struct RDKafkaBrokerTests {
    @Test("Null and empty keys, values and headers come back as they were written")
    func roundTrip() async throws {
        let broker = try KafkaBroker.shared()
        let topic = try await broker.topic("round-trip")
        let headers = [
            RecordHeader(name: "b", value: Array("1".utf8)), RecordHeader(name: "a", value: nil),
            RecordHeader(name: "b", value: []), RecordHeader(name: "ü", value: [0, 255]),
        ]
        let time = Int64(Date.now.timeIntervalSince1970) * 1000 - 60_123
        let written = [
            ProducerRecord(topic: topic, key: Array("k".utf8), value: Array("v".utf8), timestamp: time),
            ProducerRecord(topic: topic, key: nil, value: Array("null key".utf8)),
            ProducerRecord(topic: topic, key: [], value: Array("empty key".utf8)),
            ProducerRecord(topic: topic, key: Array("tombstone".utf8), value: nil),
            ProducerRecord(topic: topic, key: Array("empty".utf8), value: []),
            ProducerRecord(topic: topic, key: nil, value: nil),
            ProducerRecord(
                topic: topic, key: [0, 255], value: [UInt8](repeating: 7, count: 100_000), headers: headers),
        ]
        try await write(written, to: broker)
        let consumer = try Consumer(.test(broker, topic), delegate: GroupDelegate())
        let read = try await consumer.records(written.count)
        await consumer.close(timeout: .seconds(10))
        #expect(read.map(\.key) == written.map(\.key))
        #expect(read.map(\.value) == written.map(\.value))
        #expect(read.map(\.headers) == written.map(\.headers))
        #expect(read.map(\.offset) == Array(0..<Int64(written.count)))
        #expect(read.first?.timestamp == time)
    }

    @Test(
        "An offset that retention has passed ends the sequence, naming partition, both offsets and the way out",
        .needsOwnKafka)
    func retention() async throws {
        let broker = try KafkaBroker.shared()
        let topic = try await broker.topic("retention")
        let group = KafkaBroker.unique("group")
        try await write(numbered(0..<10, topic), to: broker)
        let first = try Consumer(.test(broker, topic, group: group), delegate: GroupDelegate())
        _ = try await first.records(10)
        let partition = TopicPartition(topic: topic, partition: 0)
        try await first.commit([TopicPartitionOffset(topicPartition: partition, offset: 3)], timeout: .seconds(10))
        await first.close(timeout: .seconds(10))

        try broker.deleteRecords(of: topic, before: 6)
        let second = try Consumer(.test(broker, topic, group: group), delegate: GroupDelegate())
        let error = await #expect(throws: KafkaError.self) { try await second.records(1) }
        #expect(error?.code == .offsetOutOfRange)
        #expect(error?.topic == topic)
        #expect(error?.partition == 0)
        for text in [group, "offset 3 of \(topic)[0]", "6 to 10", "--reset-offsets --to-offset 6"] {
            #expect(error?.message.contains(text) == true, "'\(text)' in \(String(describing: error))")
        }
        #expect(try await second.committed([partition], timeout: .seconds(10)) == [partition: 3], "nothing was moved")
        await second.close(timeout: .seconds(10))
    }

    @Test("Retention that overtakes a running reader ends the sequence, with both offsets too", .needsOwnKafka)
    func retentionUnderway() async throws {
        let broker = try KafkaBroker.shared()
        let topic = try await broker.topic("overtaken")
        let partition = TopicPartition(topic: topic, partition: 0)
        try await write(numbered(0..<10, topic), to: broker)
        let turns = Turns()
        var configuration = ConsumerConfiguration.test(broker, topic)
        configuration.statisticsInterval = .seconds(1)
        configuration.onStatistics = { _ in turns.add() }
        let consumer = try Consumer(configuration, delegate: GroupDelegate())
        #expect(try await consumer.records(10).count == 10)
        consumer.pause([partition])
        // The poll thread tells statistics: after two it has seen the pause.
        let seen = turns.count
        #expect(try await eventually(within: .seconds(30)) { turns.count >= seen + 2 })
        try await write(numbered(10..<30, topic), to: broker)
        try broker.deleteRecords(of: topic, before: 20)
        consumer.resume([partition])
        let error = await #expect(throws: KafkaError.self) { try await consumer.records(1) }
        #expect(error?.code == .offsetOutOfRange)
        #expect(error?.message.contains("offset 10 of \(topic)[0]") == true, "\(String(describing: error))")
        #expect(error?.message.contains("20 to 30") == true, "\(String(describing: error))")
        await consumer.close(timeout: .seconds(10))
    }

    @Test("A start at the end commits that at once: what comes before the first read is not skipped by a restart")
    func latest() async throws {
        let broker = try KafkaBroker.shared()
        let topic = try await broker.topic("latest")
        try await write(numbered(0..<5, topic), to: broker)
        var configuration = ConsumerConfiguration.test(broker, topic)
        configuration.startFrom = .latest
        let first = try Consumer(configuration, delegate: GroupDelegate())
        #expect(try await eventually(within: .seconds(40)) { first.assignment.map(\.startOffset) == [5] })
        await first.close(timeout: .seconds(10))
        try await write(numbered(5..<8, topic), to: broker)
        let second = try Consumer(configuration, delegate: GroupDelegate())
        #expect(try await second.records(3).map(\.number) == [5, 6, 7])
        await second.close(timeout: .seconds(10))
    }

    @Test("A group without offsets that may not choose ends the sequence with what to do")
    func startFromError() async throws {
        let broker = try KafkaBroker.shared()
        let topic = try await broker.topic("no-offset")
        var configuration = ConsumerConfiguration.test(broker, topic)
        configuration.startFrom = .error
        let consumer = try Consumer(configuration, delegate: GroupDelegate())
        let error = await #expect(throws: KafkaError.self) { try await consumer.records(1) }
        #expect(error?.code == .noOffset)
        #expect(error?.message.contains(configuration.groupID) == true)
        #expect(error?.message.contains("\(topic)[0]") == true)
        await consumer.close(timeout: .seconds(10))
    }

    @Test("A topic that does not exist ends the sequence by its name")
    func unknownTopic() async throws {
        let topic = KafkaBroker.unique("missing")
        var configuration = ConsumerConfiguration.test(try KafkaBroker.shared(), topic)
        configuration.graceWindow = .seconds(2)
        let consumer = try Consumer(configuration, delegate: GroupDelegate())
        let error = await #expect(throws: KafkaError.self) { try await consumer.records(1) }
        #expect(error?.code == .unknownTopicOrPartition)
        #expect(error?.message.contains("'\(topic)'") == true)
        await consumer.close(timeout: .seconds(10))
    }

    @Test("Offsets for times: the first record that is not older, and none past the last")
    func offsetsForTimes() async throws {
        let broker = try KafkaBroker.shared()
        let topic = try await broker.topic("times", partitions: 2)
        let start = Int64(Date.now.timeIntervalSince1970) * 1000 - 600_000
        try await write(
            (0..<5).map {
                ProducerRecord(topic: topic, partition: 0, value: [], timestamp: start + Int64($0) * 1000)
            }, to: broker)
        let consumer = try Consumer(.test(broker, topic), delegate: GroupDelegate())
        let filled = TopicPartition(topic: topic, partition: 0)
        let empty = TopicPartition(topic: topic, partition: 1)
        for (time, offset) in [(start - 1, 0), (start, 0), (start + 1, 1), (start + 4000, 4)] as [(Int64, Int64)] {
            let found = try await consumer.offsets(for: [filled: time, empty: time], timeout: .seconds(10))
            #expect(found == [filled: offset, empty: nil])
        }
        let past = try await consumer.offsets(for: [filled: start + 4001], timeout: .seconds(10))
        #expect(past == [filled: nil])
        await consumer.close(timeout: .seconds(10))
    }

    @Test("What is committed on a revoke is there before the partition moves, and on leaving before the group goes on")
    func revokeCommits() async throws {
        let broker = try KafkaBroker.shared()
        let topic = try await broker.topic("revoke", partitions: 2)
        let group = KafkaBroker.unique("group")
        try await write(numbered(0..<20, topic, partitions: 2), to: broker)
        let first = try Consumer(.test(broker, topic, group: group), delegate: GroupDelegate(committing: 7))
        #expect(try await first.records(20).count == 20)
        let second = try Consumer(.test(broker, topic, group: group), delegate: GroupDelegate(committing: 9))
        #expect(
            try await eventually(within: .seconds(40)) { first.assignment.count == 1 && second.assignment.count == 1 })
        #expect(first.assignment.map(\.startOffset) == [7])
        #expect(second.assignment.map(\.startOffset) == [7])

        let left = try #require(second.assignment.first?.topicPartition)
        await second.close(timeout: .seconds(10))
        #expect(try await eventually(within: .seconds(40)) { first.assignment.count == 2 })
        #expect(first.assignment.first { $0.topicPartition == left }?.startOffset == 9)
        #expect(first.assignment.first { $0.topicPartition != left }?.startOffset == 7)
        await first.close(timeout: .seconds(10))
    }

    @Test(
        "A broker that is killed and started again loses no record, writes none twice, and keeps commits",
        .needsOwnKafka)
    func brokerRestart() async throws {
        let broker = try KafkaBroker.own()
        let topic = try await broker.topic("restart")
        let group = KafkaBroker.unique("group")
        let partition = TopicPartition(topic: topic, partition: 0)
        let producer = try Producer(ProducerConfiguration(bootstrapServers: broker.bootstrapServers)) { _ in }
        let consumer = try Consumer(.test(broker, topic, group: group), delegate: GroupDelegate())
        for record in numbered(0..<50, topic) { _ = try await producer.send(record, timeout: .seconds(20)) }
        #expect(try await consumer.records(50).map(\.number) == Array(0..<50))
        try await consumer.commit([TopicPartitionOffset(topicPartition: partition, offset: 40)], timeout: .seconds(10))

        try broker.command("kill")
        let sends = Task {
            for record in numbered(50..<60, topic) { _ = try await producer.send(record, timeout: .seconds(100)) }
        }
        #expect(
            try await eventually(within: .seconds(40)) { producer.queuedCount > 0 }, "a record waits for the broker")
        try broker.command("start")
        try await sends.value
        var read: [Int] = []
        while read.last != 59 {
            let more = try await consumer.records(1).map(\.number)
            try #require(!more.isEmpty, "ended after \(read)")
            read += more
        }
        // Where the membership did not outlive the broker, the reader begins again at what is committed.
        let again = read.firstIndex(of: 40) ?? read.count
        #expect(Array(read[..<again]) == Array(50..<50 + again), "\(read)")
        #expect(again == read.count || Array(read[again...]) == Array(40..<60), "\(read)")
        await consumer.close(timeout: .seconds(10))

        let next = try Consumer(.test(broker, topic, group: group), delegate: GroupDelegate())
        #expect(try await next.records(20).map(\.number) == Array(40..<60))
        await next.close(timeout: .seconds(10))
        await producer.close(timeout: .seconds(10))
        try broker.command("kill")
    }
}

/// Counts the turns of a thread.
private final class Turns: Sendable {
    private let turns = Mutex(0)
    var count: Int { turns.withLock { $0 } }
    func add() { turns.withLock { $0 += 1 } }
}

/// Answers a revoke by committing one offset, or nothing.
private final class GroupDelegate: ConsumerDelegate {
    private let offset: Int64?

    init(committing offset: Int64? = nil) { self.offset = offset }

    func consumer(assigned: [AssignedPartition]) {}
    func consumer(revoked: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset] {
        guard let offset else { return [] }
        return revoked.map { TopicPartitionOffset(topicPartition: $0.topicPartition, offset: offset) }
    }
    func consumer(lost: [AssignedPartition]) {}
}

extension ConsumerConfiguration {
    fileprivate static func test(
        _ broker: KafkaBroker, _ topic: String, group: String = KafkaBroker.unique("group")
    ) -> ConsumerConfiguration {
        var configuration = ConsumerConfiguration(
            bootstrapServers: broker.bootstrapServers, groupID: group, topics: [topic])
        configuration.properties = [
            KafkaProperty("session.timeout.ms", "6000"), KafkaProperty("heartbeat.interval.ms", "300"),
        ]
        return configuration
    }
}

extension Consumer {
    /// Reads until so many records are there, or the time is over.
    fileprivate func records(_ count: Int, within limit: Duration = .seconds(60)) async throws -> [Record] {
        let watchdog = Task {
            try await Task.sleep(for: limit)
            await close(timeout: .seconds(1))
        }
        defer { watchdog.cancel() }
        var records: [Record] = []
        for try await batch in batches {
            for index in 0..<batch.count { records.append(batch[index]) }
            if records.count >= count { break }
        }
        return records
    }
}

extension Record {
    fileprivate var number: Int { value.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? -1 }
}

private func numbered(_ range: Range<Int>, _ topic: String, partitions: Int32 = 1) -> [ProducerRecord] {
    range.map { ProducerRecord(topic: topic, partition: Int32($0) % partitions, value: Array("\($0)".utf8)) }
}

private func write(_ records: [ProducerRecord], to broker: KafkaBroker) async throws {
    let producer = try Producer(ProducerConfiguration(bootstrapServers: broker.bootstrapServers)) { _ in }
    for record in records { _ = try await producer.send(record, timeout: .seconds(20)) }
    await producer.close(timeout: .seconds(5))
}
