import RDKafka
import Testing

@Suite("A consumer and its group", .timeLimit(.minutes(2)))
struct ConsumerTests {
    private let partition = TopicPartition(topic: "t", partition: 0)

    @Test("a reader that stops and reads on gets every record once, and stays in its group meanwhile")
    func backPressure() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        try await produce(numbered(0..<5_000, topic: "t", partitions: 2), to: cluster.bootstrapServers)
        let delegate = RecordingDelegate()
        let statistics = Collected<KafkaStatistics>()
        var configuration = ConsumerConfiguration.test(cluster, topics: ["t"])
        configuration.maximumBatchRecords = 100
        configuration.statisticsInterval = .seconds(1)
        configuration.onStatistics = { statistics.append($0) }
        let consumer = try Consumer(configuration, delegate: delegate)
        var iterator = consumer.batches.makeAsyncIterator()
        var numbers: [Int] = []
        for round in 0..<3 {
            for _ in 0..<5 {
                let batch = try #require(try await iterator.next())
                for index in 0..<batch.count { numbers.append(batch[index].number) }
            }
            if round < 2 {
                // Longer than the session timeout: statistics go on coming, so the queue is polled.
                let before = statistics.count
                try await eventually("three statistics while nobody reads") { statistics.count >= before + 3 }
            }
        }
        while numbers.count < 5_000, let batch = try await iterator.next() {
            for index in 0..<batch.count { numbers.append(batch[index].number) }
        }
        #expect(numbers.sorted() == Array(0..<5_000))
        for parity in 0..<2 {
            let ours = numbers.filter { $0 % 2 == parity }
            #expect(ours == ours.sorted(), "in each partition's order")
        }
        #expect(delegate.calls.count == 1, "one assignment: \(delegate.calls)")
        await consumer.close(timeout: .seconds(5))
    }

    @Test("what is committed is where the group goes on")
    func commitAndContinue() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<10, topic: "t"), to: cluster.bootstrapServers)
        let first = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        #expect(try await first.records(10).map(\.number) == Array(0..<10))
        try await first.commit([TopicPartitionOffset(topicPartition: partition, offset: 4)], timeout: .seconds(5))
        #expect(try await first.committed([partition], timeout: .seconds(5)) == [partition: 4])
        let range = try await first.watermarks(of: partition, timeout: .seconds(5))
        #expect(range.low == 0 && range.high == 10)
        #expect(try first.positions() == [partition: 10])
        await first.close(timeout: .seconds(5))

        let second = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        #expect(try await second.records(6).map(\.number) == Array(4..<10))
        #expect(second.assignment.map(\.startOffset) == [4])
        await second.close(timeout: .seconds(5))
    }

    @Test("a commit for a partition that is not assigned is refused, and after close everything is")
    func refusedCommits() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<1, topic: "t"), to: cluster.bootstrapServers)
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        _ = try await consumer.records(1)
        let stranger = TopicPartitionOffset(topicPartition: TopicPartition(topic: "t", partition: 7), offset: 1)
        await #expect { try await consumer.commit([stranger], timeout: .seconds(2)) } throws: { error in
            (error as? KafkaError)?.code == .notAssigned && "\(error)".contains("t[7]")
        }
        await consumer.close(timeout: .seconds(5))
        await #expect { try await consumer.commit([stranger], timeout: .seconds(2)) } throws: { error in
            (error as? KafkaError)?.code == .closed
        }
        let end = try await consumer.records(1)
        #expect(end.isEmpty, "the sequence has ended")
    }

    @Test("latest begins with what comes after it, and commits that at once")
    func latest() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<5, topic: "t"), to: cluster.bootstrapServers)
        var configuration = ConsumerConfiguration.test(cluster, topics: ["t"])
        configuration.startFrom = .latest
        let delegate = RecordingDelegate()
        let first = try Consumer(configuration, delegate: delegate)
        try await eventually("the assignment") { !delegate.calls.isEmpty }
        #expect(try await first.committed([partition], timeout: .seconds(5)) == [partition: 5])
        await first.close(timeout: .seconds(5))
        // Written while nobody reads: a start that commits nothing would skip these.
        try await produce(numbered(5..<8, topic: "t"), to: cluster.bootstrapServers)
        let second = try Consumer(configuration, delegate: RecordingDelegate())
        #expect(try await second.records(3).map(\.number) == [5, 6, 7])
        await second.close(timeout: .seconds(5))
    }

    @Test("startFrom error ends the sequence with what to do, for a group without offsets")
    func startFromError() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        var configuration = ConsumerConfiguration.test(cluster, topics: ["t"], group: "nobody")
        configuration.startFrom = .error
        let consumer = try Consumer(configuration, delegate: RecordingDelegate())
        await #expect { try await consumer.records(1) } throws: { error in
            (error as? KafkaError)?.code == .noOffset && "\(error)".contains("'nobody'") && "\(error)".contains("t[0]")
        }
        await consumer.close(timeout: .seconds(5))
    }

    @Test("a committed offset beyond the partition's end is an error with both offsets, never a silent reset")
    func beyondTheEnd() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<5, topic: "t"), to: cluster.bootstrapServers)
        let first = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        _ = try await first.records(5)
        try await first.commit([TopicPartitionOffset(topicPartition: partition, offset: 77)], timeout: .seconds(5))
        await first.close(timeout: .seconds(5))
        let second = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        await #expect { try await second.records(1) } throws: { error in
            let text = "\(error)"
            return (error as? KafkaError)?.code == .offsetOutOfRange && text.contains("77") && text.contains("0 to 5")
                && text.contains("--reset-offsets")
        }
        await second.close(timeout: .seconds(5))
    }

    @Test("a second member takes over: the first hears revoked before they go, and nothing is lost")
    func rebalance() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        try await produce(numbered(0..<20, topic: "t", partitions: 2), to: cluster.bootstrapServers)
        let delegate = RecordingDelegate { revoked in
            revoked.map { TopicPartitionOffset(topicPartition: $0.topicPartition, offset: 7) }
        }
        let first = try Consumer(.test(cluster, topics: ["t"]), delegate: delegate)
        #expect(try await first.records(20).count == 20)
        let both = (0..<2).map { TopicPartition(topic: "t", partition: $0) }
        let secondDelegate = RecordingDelegate()
        let second = try Consumer(.test(cluster, topics: ["t"]), delegate: secondDelegate)
        try await eventually("both members have a partition") {
            first.assignment.count == 1 && second.assignment.count == 1
        }
        #expect(delegate.calls.prefix(2) == [.assigned(both, epoch: 1), .revoked(both)])
        try #require(first.assignment.count == 1 && second.assignment.count == 1)
        #expect(first.assignment[0].epoch > 1)
        #expect(!delegate.calls.contains { if case .lost = $0 { true } else { false } })
        await second.close(timeout: .seconds(5))
        await first.close(timeout: .seconds(5))
    }

    @Test("a member that leaves commits first what its delegate returns")
    func commitOnLeave() async throws {
        // Alone in its group: the mock refuses commits while others join or leave, which Kafka does not.
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<10, topic: "t"), to: cluster.bootstrapServers)
        let delegate = RecordingDelegate {
            $0.map { TopicPartitionOffset(topicPartition: $0.topicPartition, offset: 7) }
        }
        let first = try Consumer(.test(cluster, topics: ["t"]), delegate: delegate)
        _ = try await first.records(10)
        await first.close(timeout: .seconds(5))
        let second = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        #expect(try await second.committed([partition], timeout: .seconds(10)) == [partition: 7])
        await second.close(timeout: .seconds(5))
    }

    @Test("what the caller pauses stays paused until it is resumed, and then nothing is missing")
    func pauseAndResume() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        let paused = TopicPartition(topic: "t", partition: 1)
        consumer.pause([paused])
        try await produce(numbered(0..<10, topic: "t", partitions: 2), to: cluster.bootstrapServers)
        // The pause may come after some were fetched, at the start: what counts is that all come in the end, once.
        var numbers = try await consumer.records(5).map(\.number)
        consumer.resume([paused])
        if numbers.count < 10 { numbers += try await consumer.records(10 - numbers.count).map(\.number) }
        #expect(numbers.sorted() == Array(0..<10))
        await consumer.close(timeout: .seconds(5))
    }

    @Test("an unknown topic ends the sequence by name once the grace window has passed")
    func unknownTopic() async throws {
        let cluster = try MockCluster()
        // The mock makes topics up that are asked for: an error for this one stands for its absence.
        try cluster.createTopic("missing")
        cluster.setTopicError("missing", .unknownTopicOrPartition)
        var configuration = ConsumerConfiguration.test(cluster, topics: ["missing"])
        configuration.graceWindow = .seconds(2)
        let consumer = try Consumer(configuration, delegate: RecordingDelegate())
        await #expect { try await consumer.records(1) } throws: { error in
            (error as? KafkaError)?.code == .unknownTopicOrPartition && "\(error)".contains("'missing'")
        }
        await consumer.close(timeout: .seconds(5))
    }

    @Test("a topic that comes within the grace window is read")
    func lateTopic() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("late")
        cluster.setTopicError("late", .unknownTopicOrPartition)
        let errors = Collected<KafkaError>()
        var configuration = ConsumerConfiguration.test(cluster, topics: ["late"])
        configuration.onError = { errors.append($0) }
        let consumer = try Consumer(configuration, delegate: RecordingDelegate())
        try await eventually("the absence is told") { errors.all.contains { $0.code == .unknownTopicOrPartition } }
        cluster.setTopicError("late", nil)
        try await produce(numbered(0..<3, topic: "late"), to: cluster.bootstrapServers)
        #expect(try await consumer.records(3).count == 3)
        await consumer.close(timeout: .seconds(5))
    }

    @Test("close returns within its deadline while no broker answers")
    func closeWithoutBroker() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<5, topic: "t"), to: cluster.bootstrapServers)
        let delegate = RecordingDelegate {
            $0.map { TopicPartitionOffset(topicPartition: $0.topicPartition, offset: 5) }
        }
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: delegate)
        _ = try await consumer.records(5)
        try cluster.setDown(broker: 1)
        #expect(await unhinderedTime { await consumer.close(timeout: .seconds(2)) } < .seconds(4))
        await consumer.close(timeout: .seconds(2))
        let rest = try await consumer.records(1)
        #expect(rest.isEmpty)
    }

    @Test("a reader whose task is cancelled ends, before it waits and while it waits")
    func cancellation() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        let reader = Task { try await consumer.records(1) }
        reader.cancel()
        #expect(try await reader.value.isEmpty)
        let second = Task { try await consumer.records(1) }
        try await eventually("an assignment") { !consumer.assignment.isEmpty }
        second.cancel()
        #expect(try await second.value.isEmpty)
        await consumer.close(timeout: .seconds(5))
    }
}
