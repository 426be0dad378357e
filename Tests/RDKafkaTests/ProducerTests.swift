import RDKafka
import Testing

@Suite("A producer", .timeLimit(.minutes(2)))
struct ProducerTests {
    private static var byte: UnsafePointer<UInt8> { StaticString("x").utf8Start }

    @Test("every record is reported once under its token, with where it was written")
    func reports() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t", partitions: 2)
        let reports = Collected<DeliveryReport>()
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) {
            reports.append($0)
        }
        #expect(try await producer.metadata(topic: "t", timeout: .seconds(10)) == [0, 1])
        let topic = try producer.topic("t")
        var headers = ProducerHeaders()
        for token in 0..<2_000 {
            try [UInt8](repeating: 1, count: 10).withUnsafeBytes { value in
                headers.add(name: "n", value: value)
                try producer.produce(
                    to: topic, partition: Int32(token % 2), key: nil, value: value, headers: &headers, timestamp: -1,
                    token: UInt64(token))
            }
            let isEmpty = headers.isEmpty
            #expect(isEmpty, "taken over with the record")
        }
        try await producer.flush(timeout: .seconds(20))
        try await eventually("all reports") { reports.count == 2_000 }
        #expect(Set(reports.all.map(\.token)).count == 2_000)
        #expect(reports.all.allSatisfy { $0.error == nil && $0.offset >= 0 && $0.partition == Int32($0.token % 2) })
        #expect(producer.queuedCount == 0)
        await producer.close(timeout: .seconds(5))
    }

    @Test("a full queue refuses a record, keeps its headers, and takes it when deliveries were reported")
    func queueFull() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try cluster.setRoundTripTime(broker: 1, .milliseconds(300))
        var configuration = ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)
        configuration.properties = [KafkaProperty("queue.buffering.max.messages", "10")]
        let reports = Collected<DeliveryReport>()
        let producer = try Producer(configuration) { reports.append($0) }
        let topic = try producer.topic("t")
        func add(_ token: UInt64, _ headers: inout ProducerHeaders) throws(KafkaError) {
            let bytes = UnsafeRawBufferPointer(start: ProducerTests.byte, count: 1)
            try producer.produce(
                to: topic, partition: 0, key: nil, value: bytes, headers: &headers, timestamp: 0, token: token)
        }
        var none = ProducerHeaders()
        for token in 0..<10 { try add(UInt64(token), &none) }
        var headers = ProducerHeaders()
        headers.add(name: "kept", value: nil)
        var refusal: KafkaError?
        do throws(KafkaError) { try add(10, &headers) } catch { refusal = error }
        #expect(refusal?.code == .queueFull && refusal?.isRetriable == true)
        let isKept = !headers.isEmpty
        #expect(isKept)
        try await eventually("room") { reports.count >= 1 }
        try add(10, &headers)
        let isTaken = headers.isEmpty
        #expect(isTaken)
        try await producer.flush(timeout: .seconds(20))
        try await eventually("all reports") { reports.count == 11 }
        await producer.close(timeout: .seconds(5))
        let consumer = try Consumer(.test(cluster, topics: ["t"]), delegate: RecordingDelegate())
        #expect(try await consumer.records(11).last?.headers == [RecordHeader(name: "kept", value: nil)])
        await consumer.close(timeout: .seconds(5))
    }

    @Test("errors that pass are retried by the library; one that does not is the record's report")
    func brokerErrors() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) { _ in }
        cluster.pushRequestErrors(.produce, [.transport, KafkaError.Code(number: 6)])
        let record = ProducerRecord(topic: "t", partition: 0, value: Array("x".utf8))
        #expect(try await producer.send(record, timeout: .seconds(20)).offset == 0)
        cluster.pushRequestErrors(.produce, [.topicAuthorizationFailed])
        await #expect { try await producer.send(record, timeout: .seconds(20)) } throws: { error in
            (error as? KafkaError)?.code == .topicAuthorizationFailed && "\(error)".contains("'t'")
                && "\(error)".contains("Write")
        }
        await producer.close(timeout: .seconds(5))
    }

    @Test("a partition that does not exist fails the record, headers and all, without harm")
    func unknownPartition() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let reports = Collected<DeliveryReport>()
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) {
            reports.append($0)
        }
        _ = try await producer.metadata(topic: "t", timeout: .seconds(10))
        let record = ProducerRecord(
            topic: "t", partition: 99, value: [1], headers: [RecordHeader(name: "h", value: [1])])
        await #expect { try await producer.send(record, timeout: .seconds(10)) } throws: { error in
            (error as? KafkaError)?.code == .unknownPartition
        }
        await producer.close(timeout: .seconds(5))
    }

    @Test("close gives up what no broker takes within its deadline, and reports it")
    func closeWithoutBroker() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let reports = Collected<DeliveryReport>()
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) {
            reports.append($0)
        }
        _ = try await producer.metadata(topic: "t", timeout: .seconds(10))
        try cluster.setDown(broker: 1)
        let topic = try producer.topic("t")
        var headers = ProducerHeaders()
        try producer.produce(to: topic, key: nil, value: nil, headers: &headers, timestamp: 0, token: 42)
        #expect(await unhinderedTime { await producer.close(timeout: .seconds(1)) } < .seconds(4))
        #expect(reports.all.map(\.token) == [42])
        #expect(reports.all.first?.error?.code == .purgedFromQueue)
        await producer.close(timeout: .seconds(1))
    }

    @Test("records of a partition are written in the order in which they were produced, few or many at a time")
    func order() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try cluster.setRoundTripTime(broker: 1, .milliseconds(20))
        let reports = Collected<DeliveryReport>()
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) {
            reports.append($0)
        }
        let topic = try producer.topic("t")
        var headers = ProducerHeaders()
        for token in 0..<3_000 {
            try producer.produce(
                to: topic, partition: 0, key: nil, value: nil, headers: &headers, timestamp: 0, token: UInt64(token))
            // Some come while others are under way, some with a pause.
            if token % 400 == 0 { try await eventually("reports") { reports.count > token / 2 } }
        }
        try await producer.flush(timeout: .seconds(20))
        try await eventually("all reports") { reports.count == 3_000 }
        #expect(reports.all.allSatisfy { $0.error == nil && $0.offset == Int64($0.token) })
        await producer.close(timeout: .seconds(5))
    }

    @Test("what comes while brokers acknowledge goes together: many records take few round trips, and one takes one")
    func roundTrips() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) { _ in }
        let record = ProducerRecord(topic: "t", partition: 0, value: [1])
        _ = try await producer.send(record, timeout: .seconds(20))
        try cluster.setRoundTripTime(broker: 1, .milliseconds(300))
        let time = try await unhinderedTime {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<1_000 {
                    group.addTask { _ = try await producer.send(record, timeout: .seconds(20)) }
                }
                try await group.waitForAll()
            }
        }
        // Two or three; each of them alone would take 300 s.
        #expect(time < .seconds(6))
        await producer.close(timeout: .seconds(5))
    }

    @Test("close gives up in time, and reports, also what the library had no room for")
    func closeFull() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let reports = Collected<DeliveryReport>()
        var configuration = ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)
        configuration.properties = [
            KafkaProperty("queue.buffering.max.kbytes", "4"), KafkaProperty("message.max.bytes", "4000"),
        ]
        let producer = try Producer(configuration) { reports.append($0) }
        _ = try await producer.metadata(topic: "t", timeout: .seconds(10))
        try cluster.setDown(broker: 1)
        let topic = try producer.topic("t")
        let value = [UInt8](repeating: 1, count: 1_000)
        var taken = 0
        // The library has room for four, and two may wait: more are in the sending thread's hands.
        try await eventually("more are taken than the library has room for") {
            var headers = ProducerHeaders()
            do {
                try value.withUnsafeBytes {
                    try producer.produce(
                        to: topic, partition: 0, key: nil, value: $0, headers: &headers, timestamp: 0,
                        token: UInt64(taken))
                }
                taken += 1
            } catch {
                #expect((error as? KafkaError)?.code == .queueFull)
            }
            return taken >= 7
        }
        #expect(await unhinderedTime { await producer.close(timeout: .seconds(1)) } < .seconds(2))
        #expect(reports.all.map(\.token).sorted() == (0..<UInt64(taken)).map { $0 })
        #expect(reports.all.allSatisfy { $0.error?.code == .purgedFromQueue })
    }

    @Test("who was refused because many bytes wait is told when they have gone to the library")
    func room() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let rooms = Collected<Int>()
        var configuration = ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)
        configuration.properties = [
            KafkaProperty("queue.buffering.max.kbytes", "8"), KafkaProperty("message.max.bytes", "4000"),
        ]
        let producer = try Producer(configuration, onRoom: { rooms.append(1) }, onDeliveries: { _ in })
        _ = try await producer.metadata(topic: "t", timeout: .seconds(10))
        try cluster.setRoundTripTime(broker: 1, .milliseconds(300))
        let topic = try producer.topic("t")
        let value = [UInt8](repeating: 1, count: 1_000)
        var refusal: KafkaError?
        while refusal == nil {
            var headers = ProducerHeaders()
            do {
                try value.withUnsafeBytes {
                    try producer.produce(
                        to: topic, partition: 0, key: nil, value: $0, headers: &headers, timestamp: 0, token: 1)
                }
            } catch {
                refusal = error as? KafkaError
            }
        }
        #expect(refusal?.code == .queueFull)
        try await eventually("room") { rooms.count > 0 }
        await producer.close(timeout: .seconds(20))
    }
}
