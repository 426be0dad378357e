import RDKafka
import Testing

@Suite("Records over a cluster", .timeLimit(.minutes(2)))
struct RoundTripTests {
    @Test("keys, values and headers arrive as they were written: null and empty apart, duplicates and order kept")
    func roundTrip() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let headers = [
            RecordHeader(name: "b", value: Array("1".utf8)), RecordHeader(name: "a", value: nil),
            RecordHeader(name: "b", value: []), RecordHeader(name: "ü", value: [0, 255]),
            RecordHeader(name: "", value: Array("no name".utf8)),
        ]
        let written = [
            ProducerRecord(
                topic: "t", partition: 0, key: Array("k".utf8), value: Array("v".utf8), timestamp: 1_700_000_000_123),
            ProducerRecord(topic: "t", partition: 0, key: nil, value: Array("null key".utf8)),
            ProducerRecord(topic: "t", partition: 0, key: [], value: Array("empty key".utf8)),
            ProducerRecord(topic: "t", partition: 0, key: Array("tombstone".utf8), value: nil),
            ProducerRecord(topic: "t", partition: 0, key: Array("empty".utf8), value: []),
            ProducerRecord(topic: "t", partition: 0, key: nil, value: nil),
            ProducerRecord(topic: "t", partition: 0, key: [], value: []),
            ProducerRecord(
                topic: "t", partition: 0, key: [0, 1, 255], value: [UInt8](repeating: 7, count: 100_000),
                headers: headers),
        ]
        try await produce(written, to: cluster.bootstrapServers)
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        let read = try await consumer.records(written.count)
        await consumer.close(timeout: .seconds(5))
        #expect(read.map(\.key) == written.map(\.key))
        #expect(read.map(\.value) == written.map(\.value))
        #expect(read.map(\.headers) == written.map(\.headers))
        #expect(read.map(\.offset) == Array(0..<Int64(written.count)))
        #expect(read.allSatisfy { $0.topic == "t" && $0.partition == 0 && $0.timestampKind == .created })
        #expect(read[0].timestamp == 1_700_000_000_123)
        #expect((read[1].timestamp ?? 0) > 1_700_000_000_123)
    }

    @Test("a batch holds no more records than it may, and says which partitions occur")
    func batchBoundaries() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 3)
        try await produce(numbered(0..<1_000, topic: "t", partitions: 3), to: cluster.bootstrapServers)
        var configuration = ConsumerConfiguration.test(cluster, topics: ["t"])
        configuration.maximumBatchRecords = 64
        let consumer = try Consumer(configuration, delegate: RecordingDelegate())
        var seen: [TopicPartition: [Int64]] = [:]
        var total = 0
        for try await batch in consumer.batches {
            #expect(batch.count > 0 && batch.count <= 64)
            #expect(Set(batch.partitions.map(\.id)).count == batch.partitions.count)
            for index in 0..<batch.count {
                let view = batch.view(index)
                seen[batch.partitions[view.partitionIndex].topicPartition, default: []].append(view.offset)
            }
            total += batch.count
            if total >= 1_000 { break }
        }
        await consumer.close(timeout: .seconds(5))
        #expect(seen.count == 3)
        for (_, offsets) in seen { #expect(offsets == Array(0..<Int64(offsets.count))) }
        #expect(seen.values.map(\.count).reduce(0, +) == 1_000)
    }

    @Test("bytes bound a batch too: it takes no record after they are reached")
    func batchBytes() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let big = [UInt8](repeating: 1, count: 10_000)
        try await produce(
            (0..<50).map { _ in ProducerRecord(topic: "t", partition: 0, value: big) }, to: cluster.bootstrapServers)
        var configuration = ConsumerConfiguration.test(cluster, topics: ["t"])
        configuration.maximumBatchBytes = 25_000
        let consumer = try Consumer(configuration, delegate: RecordingDelegate())
        var total = 0
        for try await batch in consumer.batches {
            #expect(batch.count <= 3 && batch.byteCount <= 30_000)
            total += batch.count
            if total >= 50 { break }
        }
        await consumer.close(timeout: .seconds(5))
        #expect(total == 50)
    }

    @Test("a null value that is sent and awaited is a tombstone, and its position comes back")
    func send() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let reports = Collected<DeliveryReport>()
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) {
            reports.append($0)
        }
        let first = try await producer.send(ProducerRecord(topic: "t", partition: 0, value: nil), timeout: .seconds(10))
        let second = try await producer.send(ProducerRecord(topic: "t", partition: 0, value: []), timeout: .seconds(10))
        #expect(first == TopicPartitionOffset(topicPartition: TopicPartition(topic: "t", partition: 0), offset: 0))
        #expect(second.offset == 1)
        #expect(reports.count == 0, "what is awaited is not reported as well")
        await producer.close(timeout: .seconds(5))
        await #expect(throws: KafkaError.self) {
            try await producer.send(ProducerRecord(topic: "t", value: []), timeout: .seconds(1))
        }
    }
}
