import RDKafka
import Testing

@Suite("How large a record may be", .timeLimit(.minutes(2)))
struct ProducerLimitTests {
    private func configuration(
        _ servers: String = "localhost:1", _ properties: [String: Int] = [:], largestBatch: Int? = nil
    ) -> ProducerConfiguration {
        var configuration = ProducerConfiguration(bootstrapServers: servers)
        configuration.properties = properties.map { KafkaProperty($0, "\($1)") }
        configuration.largestBatch = largestBatch
        return configuration
    }

    @Test("the least of message.max.bytes and what a batch may take is the limit, with something in hand for the batch")
    func limits() {
        #expect(configuration().largestRecord == 1_000_000)
        #expect(configuration(largestBatch: 2_000_000).largestRecord == 1_000_000)
        #expect(configuration(largestBatch: 500_000).largestRecord == 500_000 - 256)
        #expect(configuration("x:1", ["message.max.bytes": 5_000]).largestRecord == 5_000)
        #expect(configuration("x:1", ["message.max.bytes": 5_000], largestBatch: 4_000).largestRecord == 4_000 - 256)
        #expect(configuration("x:1", ["message.max.bytes": 3_000], largestBatch: 4_000).largestRecord == 3_000)
        #expect(configuration(largestBatch: 10).largestRecord == 1_000, "the library's least")
        var twice = configuration()
        twice.properties = ["9000", "7000"].map { KafkaProperty("message.max.bytes", $0) }
        #expect(twice.largestRecord == 7_000, "the last counts, as for the library")
    }

    @Test("a record that no batch may hold is refused before it is sent, a smaller one is taken")
    func refused() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        for (properties, batch) in [
            ([:], 4_256), (["message.max.bytes": 8_000], 4_256), (["message.max.bytes": 4_000], nil),
        ]
            as [([String: Int], Int?)]
        {
            let producer = try Producer(configuration(cluster.bootstrapServers, properties, largestBatch: batch)) { _ in
            }
            func send(_ size: Int) async throws {
                let value = [UInt8](repeating: 65, count: size)
                _ = try await producer.send(
                    ProducerRecord(topic: "t", partition: 0, value: value), timeout: .seconds(20))
            }
            try await send(3_900)
            let error = await #expect(throws: KafkaError.self) { try await send(4_001) }
            #expect(error?.code == .messageTooLarge)
            await producer.close(timeout: .seconds(5))
        }
    }

    @Test("a queue that is too small for one record is refused by name: the record would wait for ever")
    func smallQueue() throws {
        for configuration in [
            configuration("x:1", ["queue.buffering.max.kbytes": 976]),
            configuration("x:1", ["queue.buffering.max.kbytes": 4, "message.max.bytes": 5_000]),
            configuration("x:1", ["queue.buffering.max.kbytes": 4], largestBatch: 5_000),
        ] {
            let error = #expect(throws: KafkaError.self) { try Producer(configuration) { _ in } }
            #expect(error?.code == .invalidArgument)
            #expect(error?.message.contains("queue.buffering.max.kbytes") == true)
            #expect(error?.message.contains("message.max.bytes") == true)
        }
        for configuration in [
            configuration("x:1", ["queue.buffering.max.kbytes": 977]),
            configuration("x:1", ["queue.buffering.max.kbytes": 4, "message.max.bytes": 4_096]),
            configuration("x:1", ["queue.buffering.max.kbytes": 4], largestBatch: 4_096),
        ] {
            _ = try Producer(configuration) { _ in }
        }
    }

    @Test("where larger records are allowed than the usual queue has room for, the queue has room for one")
    func largeRecord() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let producer = try Producer(configuration(cluster.bootstrapServers, ["message.max.bytes": 20_000_000])) { _ in }
        let value = [UInt8](repeating: 65, count: 17 << 20)
        let place = try await producer.send(
            ProducerRecord(topic: "t", partition: 0, value: value), timeout: .seconds(60))
        #expect(place.offset == 0)
        await producer.close(timeout: .seconds(5))
    }

    @Test("what is refused for its size is what the library would refuse, headers included: nothing fails on the way")
    func boundary() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        let reports = Collected<DeliveryReport>()
        let producer = try Producer(configuration(cluster.bootstrapServers, ["message.max.bytes": 2_000])) {
            reports.append($0)
        }
        let topic = try producer.topic("t")
        let bytes = [UInt8](repeating: 65, count: 2_000)
        var taken = 0
        var refused = 0
        for (name, size) in [("n", -1), ("", 0), ("n", 63), ("name", 64), (String(repeating: "n", count: 64), 300)] {
            for total in 1_750...1_970 {
                var headers = ProducerHeaders()
                var name = name
                name.withUTF8 { name in
                    bytes.withUnsafeBytes {
                        headers.add(
                            name: UnsafeRawBufferPointer(name),
                            value: size < 0 ? nil : UnsafeRawBufferPointer(rebasing: $0[..<size]))
                    }
                }
                let valueSize = total - max(0, size) - name.utf8.count
                do {
                    try bytes.withUnsafeBytes { value in
                        try producer.produce(
                            to: topic, partition: 0, key: UnsafeRawBufferPointer(rebasing: value[..<10]),
                            value: UnsafeRawBufferPointer(rebasing: value[..<valueSize]), headers: &headers,
                            timestamp: 0, token: 1)
                    }
                    taken += 1
                } catch {
                    #expect((error as? KafkaError)?.code == .messageTooLarge)
                    refused += 1
                }
            }
        }
        try await producer.flush(timeout: .seconds(20))
        try await eventually("all reports") { reports.count == taken }
        #expect(reports.all.allSatisfy { $0.error == nil })
        // 2,000 less what the format adds (36), the key (10) and the lengths of the header's name and value.
        #expect(taken > 0 && refused > 0)
        await producer.close(timeout: .seconds(5))
    }
}
