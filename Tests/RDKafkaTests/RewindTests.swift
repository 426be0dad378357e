import RDKafka
import Testing

@Suite("A consumer that goes back to its committed offsets", .timeLimit(.minutes(2)))
struct RewindTests {
    private let time = Duration.seconds(20)
    private let partition = TopicPartition(topic: "t", partition: 0)

    @Test("everything from the committed offset comes again under new ids, and what waited for a reader is dropped")
    func rewind() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<100, topic: "t"), to: cluster.bootstrapServers)
        let delegate = RecordingDelegate()
        var configuration = ConsumerConfiguration.test(cluster, topics: ["t"])
        configuration.maximumBatchRecords = 10
        let consumer = try Consumer(configuration, delegate: delegate)
        #expect(try await consumer.records(30).map(\.number) == Array(0..<30))
        let first = try #require(consumer.assignment.first)
        let group = try consumer.groupMetadata(epoch: first.epoch)
        #expect(group.groupID == "group" && group.generation >= 0 && !group.memberID.isEmpty && group.instanceID == nil)
        try await consumer.commit([TopicPartitionOffset(topicPartition: partition, offset: 20)], timeout: time)

        try await consumer.rewindToCommitted(timeout: time)
        let second = try #require(consumer.assignment.first)
        #expect(second.epoch == first.epoch + 1 && second.id != first.id && second.startOffset == 20)
        #expect(try await consumer.records(80).map(\.number) == Array(20..<100))
        #expect(
            delegate.calls == [
                .assigned([partition], epoch: first.epoch), .rewound([partition]),
                .assigned([partition], epoch: second.epoch),
            ])
        #expect(try consumer.groupMetadata(epoch: second.epoch) == group, "the member has not left its group")
        #expect(throws: KafkaError.self) { try consumer.groupMetadata(epoch: first.epoch) }
        // Commits go on, under the new assignment.
        try await consumer.commit([TopicPartitionOffset(topicPartition: partition, offset: 90)], timeout: time)
        await consumer.close(timeout: time)
        let closed = await failure { () async throws(KafkaError) in try await consumer.rewindToCommitted(timeout: time)
        }
        #expect(closed?.code == .closed)
    }

    @Test("a commit of an assignment that is over is refused, though the partition is back, and commits nothing")
    func commitOfFormer() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        try await produce(numbered(0..<40, topic: "t", partitions: 2), to: cluster.bootstrapServers)
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        #expect(try await consumer.records(40).count == 40)
        func assigned(_ partition: Int32) throws -> AssignedPartition {
            try #require(consumer.assignment.first { $0.topicPartition.partition == partition })
        }
        let former = try assigned(0)
        try await consumer.commit([(assigned: former, offset: 5)], timeout: time)

        try await consumer.rewindToCommitted(timeout: time)
        let (first, second) = (try assigned(0), try assigned(1))
        #expect(first.topicPartition == former.topicPartition && first.id != former.id)
        let refused: [[(assigned: AssignedPartition, offset: Int64)]] = [
            [(former, 15)], [(second, 15), (former, 15)], [(former, 15), (first, 10)], [(first, 10), (former, 15)],
        ]
        for offsets in refused {
            let error = await failure { () async throws(KafkaError) in
                try await consumer.commit(offsets, timeout: .seconds(20))
            }
            #expect(error?.code == .notAssigned, "\(offsets.map(\.assigned.id))")
        }
        try await consumer.rewindToCommitted(timeout: time)
        #expect(try assigned(0).startOffset == 5 && assigned(1).startOffset == 0)

        try await consumer.commit([(assigned(0), 12), (assigned(1), 13)], timeout: time)
        try await consumer.rewindToCommitted(timeout: time)
        #expect(try assigned(0).startOffset == 12 && assigned(1).startOffset == 13)
        await consumer.close(timeout: time)
    }

    @Test("a delegate that does not know of rewinds hears that the partitions are lost, and then assigned")
    func unknownToDelegate() async throws {
        final class Old: ConsumerDelegate {
            let calls = Collected<String>()
            func consumer(assigned: [AssignedPartition]) { calls.append("assigned \(assigned[0].epoch)") }
            func consumer(
                revoked: [AssignedPartition], deadline: ContinuousClock.Instant
            ) -> [TopicPartitionOffset] { [] }
            func consumer(lost: [AssignedPartition]) { calls.append("lost \(lost[0].epoch)") }
        }
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let delegate = Old()
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: delegate)
        try await eventually("an assignment") { !consumer.assignment.isEmpty }
        try await consumer.rewindToCommitted(timeout: time)
        #expect(delegate.calls.all == ["assigned 1", "lost 1", "assigned 2"])
        await consumer.close(timeout: time)
    }

    @Test("several rewinds at once are one, or several, and all end; before the first assignment it waits for that one")
    func concurrent() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<10, topic: "t"), to: cluster.bootstrapServers)
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        try await consumer.rewindToCommitted(timeout: time)
        #expect(try await consumer.records(10).count == 10)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { try await consumer.rewindToCommitted(timeout: .seconds(20)) } }
            try await group.waitForAll()
        }
        #expect(try await consumer.records(10).map(\.number) == Array(0..<10))
        await consumer.close(timeout: time)
    }

    @Test("a coordinator that does not answer holds a rewind up, and it ends when it does; nothing is read meanwhile")
    func slowCoordinator() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<10, topic: "t"), to: cluster.bootstrapServers)
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        #expect(try await consumer.records(10).count == 10)
        cluster.pushRequestErrors(
            .offsetFetch, [KafkaError.Code](repeating: .coordinatorLoading, count: 1_000))
        let error = await failure { () async throws(KafkaError) in
            try await consumer.rewindToCommitted(timeout: .milliseconds(300))
        }
        #expect(error?.code == .timedOut)
        #expect(consumer.assignment.isEmpty)
        cluster.clearRequestErrors(.offsetFetch)
        #expect(try await consumer.records(10).map(\.number) == Array(0..<10))
        #expect(consumer.assignment.map(\.epoch) == [2])
        await consumer.close(timeout: time)
    }
}
