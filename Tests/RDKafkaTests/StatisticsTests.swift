import RDKafka
import Testing

@Suite("Statistics", .timeLimit(.minutes(1)))
struct StatisticsTests {
    @Test("the library's document becomes totals, brokers, partitions and the group")
    func parse() throws {
        let json = """
            {"name":"c#consumer-1","type":"consumer","tx":10,"tx_bytes":11,"rx":12,"rx_bytes":13,"txmsgs":14,
            "txmsg_bytes":15,"rxmsgs":16,"rxmsg_bytes":17,"msg_cnt":18,"msg_size":19,"new_member":{"x":[1]},
            "brokers":{"b:1/1":{"name":"b:1/1","nodeid":1,"state":"UP","rtt":{"avg":200,"p99":900},"connects":2}},
            "topics":{"t":{"topic":"t","partitions":{"0":{"partition":0,"consumer_lag":7,"lo_offset":1,"hi_offset":9,
            "committed_offset":2,"app_offset":3,"fetchq_cnt":4,"fetchq_size":5},"-1":{"partition":-1}}}},
            "cgrp":{"state":"up","join_state":"steady","rebalance_cnt":3,"rebalance_age":4,"assignment_size":1}}
            """
        let statistics = try #require(Array(json.utf8).withUnsafeBytes { KafkaStatistics(json: $0) })
        #expect(statistics.requestsSent == 10 && statistics.bytesReceived == 13 && statistics.messagesReceived == 16)
        #expect(statistics.queuedMessages == 18 && statistics.queuedMessageBytes == 19)
        #expect(statistics.brokers.map(\.state) == ["UP"] && statistics.brokers[0].roundTrip99 == 900)
        let partition = try #require(statistics.partitions.first)
        #expect(statistics.partitions.count == 1 && partition.consumerLag == 7 && partition.highOffset == 9)
        #expect(partition.committedOffset == 2 && partition.applicationOffset == 3 && partition.fetchQueueCount == 4)
        #expect(statistics.group?.rebalanceCount == 3)
    }

    @Test("what is no JSON is no statistics")
    func noJSON() {
        #expect(Array("{".utf8).withUnsafeBytes { KafkaStatistics(json: $0) } == nil)
    }

    @Test("a consumer's own statistics tell its position and its group")
    func live() async throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try await produce(numbered(0..<10, topic: "t"), to: cluster.bootstrapServers)
        let seen = Collected<KafkaStatistics>()
        var configuration = ConsumerConfiguration.test(cluster, topics: ["t"])
        configuration.statisticsInterval = .seconds(1)
        configuration.onStatistics = { seen.append($0) }
        let consumer = try Consumer(configuration, delegate: RecordingDelegate())
        _ = try await consumer.records(10)
        try await eventually("statistics after the records") {
            seen.all.last?.partitions.first?.applicationOffset == 10
        }
        #expect(seen.all.last?.group?.assignmentSize == 1)
        #expect((seen.all.last?.messagesReceived ?? 0) >= 10)
        await consumer.close(timeout: .seconds(5))
    }
}
