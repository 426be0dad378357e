import Testing

@testable import RDKafka

@Suite("Questions to brokers")
struct LookupsTests {
    @Test("Committed offsets that nobody tells in time: the error names what may hold them, and may be tried again")
    func heldOffsets() throws {
        let cluster = try MockCluster()
        try cluster.createTopic("t")
        try cluster.setDown(broker: 1)
        let client = try NativeClient(.consumer, try ConsumerConfiguration.test(cluster, topics: ["t"]).makeNative())
        let answer = Lookups(client).committed(
            [TopicPartition(topic: "t", partition: 0)], until: .now + .milliseconds(200))
        #expect {
            try answer.get()
        } throws: { error in
            guard let error = error as? KafkaError else { return false }
            return error.code == .timedOut && error.isRetriable && error.message.contains("find-hanging")
        }
    }
}
