import RDKafka
import Synchronization
import Testing

@Suite("Transactions on a real Kafka", .needsKafka, .timeLimit(.minutes(4)))
struct RDKafkaBrokerTransactionTests {
    private let time = Duration.seconds(20)

    @Test("Results and offsets of a transaction are seen together: neither before its commit, both after it")
    func commit() async throws {
        let scenario = try await TransactionScenario(requests: 10)
        let consumer = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        #expect(try await consumer.take(10).count == 10)
        let epoch = try #require(consumer.assignment.first?.epoch)
        let writer = try await scenario.producer()
        for round in 1...5 {
            try await writer.producer.beginTransaction()
            for number in 0..<3 { try writer.write("\(round)-\(number)") }
            try await writer.producer.flush(timeout: time)
            try await writer.producer.sendOffsets(
                [TopicPartitionOffset(topicPartition: scenario.partition, offset: Int64(round))],
                group: consumer.groupMetadata(epoch: epoch), timeout: time)
            let seen = try await scenario.lastSeen()
            #expect(seen == Int64(round - 1) * 4, "open, records and the mark of each before it: \(seen)")
            try await writer.producer.commitTransaction(timeout: time)
            #expect(writer.reports.count == round * 3, "all are reported when the commit returns")
        }
        #expect(try await scenario.committed() == 5)
        #expect(try await scenario.visibleResults().count == 15)
        #expect(writer.reports.allSatisfy { $0.error == nil })
        await consumer.close(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test("Nothing of an aborted transaction is seen, and its offsets do not move; each of its records is reported")
    func abort() async throws {
        let scenario = try await TransactionScenario(requests: 10)
        let consumer = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        #expect(try await consumer.take(10).count == 10)
        let group = try consumer.groupMetadata(epoch: #require(consumer.assignment.first?.epoch))
        let writer = try await scenario.producer()
        for (offset, commits) in [(2, true), (7, false), (4, true)] as [(Int64, Bool)] {
            try await writer.producer.beginTransaction()
            try writer.write("\(offset)")
            try await writer.producer.sendOffsets(
                [TopicPartitionOffset(topicPartition: scenario.partition, offset: offset)], group: group, timeout: time)
            if commits {
                try await writer.producer.commitTransaction(timeout: time)
            } else {
                try await writer.producer.abortTransaction(timeout: time)
                #expect(writer.reports.count == 2, "all are reported when the abort returns")
                #expect(try await scenario.committed() == 2)
            }
        }
        #expect(try await scenario.committed() == 4)
        #expect(try await scenario.visibleResults() == ["2", "4"])
        await consumer.close(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test("An abort right after a commit, before anything is delivered, leaves the producer usable")
    func abortAtOnce() async throws {
        let scenario = try await TransactionScenario(requests: 0)
        let writer = try await scenario.producer()
        for round in 0..<30 {
            for (value, commits) in [("seen-\(round)", true), ("aborted-\(round)", false)] {
                try await writer.producer.beginTransaction()
                try writer.write(value)
                if commits {
                    try await writer.producer.commitTransaction(timeout: time)
                } else {
                    try await writer.producer.abortTransaction(timeout: time)
                }
            }
        }
        #expect(writer.producer.fatalError == nil)
        #expect(try await scenario.visibleResults() == (0..<30).map { "seen-\($0)" })
        await writer.producer.close(timeout: time)
    }

    @Test(
        "A second producer with the same id fences the first on its next call, and none of its work is seen",
        arguments: ["commit", "abort", "offsets", "record"])
    func fencing(_ call: String) async throws {
        let scenario = try await TransactionScenario(requests: 1)
        let first = try await scenario.producer()
        try await first.producer.beginTransaction()
        try first.write("first")
        try await first.producer.flush(timeout: time)
        let second = try await scenario.producer()
        let error = await failure { () async throws(KafkaError) in
            switch call {
            case "commit": try await first.producer.commitTransaction(timeout: time)
            case "abort": try await first.producer.abortTransaction(timeout: time)
            case "offsets":
                try await first.producer.sendOffsets(scenario.offset(1), group: scenario.stranger, timeout: time)
            default:
                try first.write("late")
                try await first.producer.commitTransaction(timeout: time)
            }
        }
        #expect(
            error?.code == .fenced && error?.isFenced == true && error?.isFatal == true, "\(String(describing: error))")
        #expect(error?.transactionRecovery == .newProducer)
        #expect(error?.message.contains(scenario.id) == true, "\(String(describing: error))")
        #expect(first.producer.fatalError?.isFenced == true)
        if call == "record" {
            #expect(try await eventually(within: time) { first.reports.last?.error?.isFenced == true })
        }
        #expect(
            await failure { () async throws(KafkaError) in try await first.producer.beginTransaction() }?.isFenced
                == true)
        try await second.producer.beginTransaction()
        try second.write("second")
        try await second.producer.commitTransaction(timeout: time)
        #expect(try await scenario.visibleResults() == ["second"])
        await first.producer.close(timeout: time)
        await second.producer.close(timeout: time)
    }

    @Test("A transaction that is open for longer than its timeout is ended by the broker, and a new producer goes on")
    func expiry() async throws {
        let scenario = try await TransactionScenario(requests: 1)
        let writer = try await scenario.producer(timeout: .seconds(5))
        try await writer.producer.beginTransaction()
        try writer.write("too slow")
        try await writer.producer.flush(timeout: time)
        // It holds back what is behind it.
        try await scenario.write("plain", to: scenario.results)
        #expect(try await scenario.lastSeen() == 0)
        #expect(
            try await eventually(within: .seconds(60)) { try await scenario.lastSeen() > 0 }, "brokers look every 10 s")
        let error = await failure { () async throws(KafkaError) in
            try await writer.producer.commitTransaction(timeout: time)
        }
        #expect(error?.isFenced == true && error?.transactionRecovery == .newProducer, "\(String(describing: error))")
        #expect(error?.message.contains("5.0 seconds") == true)
        await writer.producer.close(timeout: time)
        let next = try await scenario.producer()
        try await next.producer.beginTransaction()
        try next.write("in time")
        try await next.producer.commitTransaction(timeout: time)
        #expect(try await scenario.visibleResults() == ["plain", "in time"])
        await next.producer.close(timeout: time)
    }

    @Test(
        "Offsets of a membership that is over are refused, here and by the broker: the abort leaves the producer usable"
    )
    func generations() async throws {
        let scenario = try await TransactionScenario(requests: 20, partitions: 2)
        let first = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        #expect(try await first.take(20).count == 20)
        let oldEpoch = try #require(first.assignment.first?.epoch)
        let old = try first.groupMetadata(epoch: oldEpoch)
        let second = try Consumer(scenario.consumerConfiguration(), delegate: EpochDelegate())
        #expect(
            try await eventually(within: .seconds(40)) { first.assignment.count == 1 && second.assignment.count == 1 })
        let refusal = await failure { () async throws(KafkaError) in _ = try first.groupMetadata(epoch: oldEpoch) }
        #expect(refusal?.code == .notAssigned && refusal?.transactionRecovery == .abort)
        let current = try first.groupMetadata(epoch: #require(first.assignment.first?.epoch))
        #expect(current.generation == old.generation + 1 && current.memberID == old.memberID)

        let writer = try await scenario.producer()
        let nobody = ConsumerGroupMetadata(groupID: scenario.group, generation: current.generation, memberID: "nobody")
        for (group, code) in [(old, .illegalGeneration), (nobody, .unknownMember)]
            as [(ConsumerGroupMetadata, KafkaError.Code)]
        {
            try await writer.producer.beginTransaction()
            try writer.write("\(group)")
            let error = await failure { () async throws(KafkaError) in
                try await writer.producer.sendOffsets(scenario.offset(5), group: group, timeout: time)
            }
            #expect(error?.code == code && error?.transactionRecovery == .abort, "\(String(describing: error))")
            let record = await failure { () async throws(KafkaError) in try writer.write("no") }
            #expect(record?.code == .outOfOrder && record?.transactionRecovery == .abort)
            let commit = await failure { () async throws(KafkaError) in
                try await writer.producer.commitTransaction(timeout: time)
            }
            #expect(commit?.code == code && commit?.transactionRecovery == .abort)
            try await writer.producer.abortTransaction(timeout: time)
        }
        try await writer.producer.beginTransaction()
        try writer.write("current")
        try await writer.producer.sendOffsets(scenario.offset(6), group: current, timeout: time)
        try await writer.producer.commitTransaction(timeout: time)
        #expect(try await scenario.committed() == 6)
        #expect(try await scenario.visibleResults() == ["current"])
        await second.close(timeout: time)
        await first.close(timeout: time)
        await writer.producer.close(timeout: time)
    }
}
