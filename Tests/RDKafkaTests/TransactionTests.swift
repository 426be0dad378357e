import RDKafka
import Testing

@Suite("A transactional producer", .timeLimit(.minutes(2)))
struct TransactionTests {
    private let time = Duration.seconds(20)
    private let group = ConsumerGroupMetadata(groupID: "g", generation: 1, memberID: "m")
    private let offsets = [
        TopicPartitionOffset(topicPartition: TopicPartition(topic: "requests", partition: 0), offset: 3)
    ]

    private struct Writer {
        let cluster: MockCluster
        let producer: Producer
        let reports = Collected<DeliveryReport>()

        init(isReady: Bool = true, _ change: (inout ProducerConfiguration) -> Void = { _ in }) async throws {
            cluster = try MockCluster()
            try cluster.createTopic("t")
            try cluster.createTopic("requests")
            var configuration = ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)
            configuration.transactionalID = "id"
            change(&configuration)
            producer = try Producer(configuration) { [reports] in reports.append($0) }
            if isReady { try await producer.initTransactions(timeout: .seconds(20)) }
        }

        func write(_ count: Int) throws(KafkaError) {
            let topic = try producer.topic("t")
            for _ in 0..<count {
                var headers = ProducerHeaders()
                try producer.produce(
                    to: topic, partition: 0, key: nil, value: nil, headers: &headers, timestamp: 0, token: 0)
            }
        }
    }

    @Test("when a commit or an abort returns, all of the transaction's records were reported")
    func reports() async throws {
        let writer = try await Writer()
        for round in 0..<6 {
            try await writer.producer.beginTransaction()
            try writer.write(200)
            try await writer.producer.sendOffsets(offsets, group: group, timeout: time)
            if round % 2 == 0 {
                try await writer.producer.commitTransaction(timeout: time)
            } else {
                try await writer.producer.abortTransaction(timeout: time)
            }
            #expect(writer.reports.count == (round + 1) * 200)
        }
        // Nothing was done in it.
        try await writer.producer.beginTransaction()
        try await writer.producer.sendOffsets([], group: group, timeout: time)
        try await writer.producer.commitTransaction(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test("a call that has no answer in time ends at its deadline, and the same call again takes it up")
    func deadlines() async throws {
        let writer = try await Writer(isReady: false)
        func expectAgain(_ call: () async throws(KafkaError) -> Void) async throws {
            try writer.cluster.setRoundTripTime(broker: 1, .seconds(3))
            let error = await failure(call)
            #expect(error?.transactionRecovery == .callAgain, "\(String(describing: error))")
            try writer.cluster.setRoundTripTime(broker: 1, .zero)
        }
        try await expectAgain { () async throws(KafkaError) in
            try await writer.producer.initTransactions(timeout: .milliseconds(200))
        }
        try await writer.producer.initTransactions(timeout: time)
        for commits in [true, false] {
            func end(_ timeout: Duration) async throws(KafkaError) {
                if commits {
                    try await writer.producer.commitTransaction(timeout: timeout)
                } else {
                    try await writer.producer.abortTransaction(timeout: timeout)
                }
            }
            try await writer.producer.beginTransaction()
            try writer.write(1)
            try await writer.producer.flush(timeout: time)
            try await expectAgain { () async throws(KafkaError) in try await end(.milliseconds(200)) }
            let other = await failure { () async throws(KafkaError) in try await writer.producer.beginTransaction() }
            #expect(other != nil && other?.transactionRecovery != .callAgain, "the call that is under way comes first")
            try await end(time)
        }
        try await writer.producer.beginTransaction()
        try await writer.producer.commitTransaction(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test(
        "what brokers answer decides what to do: call again, abort, or build a new producer",
        arguments: [
            (
                MockCluster.Request.endTransaction, KafkaError.Code.fenced, 47,
                KafkaError.TransactionRecovery.newProducer
            ),
            (.endTransaction, .fenced, 90, .newProducer),
            (.endTransaction, .invalidTransactionState, 48, .newProducer),
            (.addPartitionsToTransaction, .fenced, 47, .newProducer),
            (.addPartitionsToTransaction, .topicAuthorizationFailed, 29, .abort),
            (.addOffsetsToTransaction, .groupAuthorizationFailed, 30, .abort),
            (.addOffsetsToTransaction, .fenced, 47, .newProducer),
            (.transactionOffsetCommit, .illegalGeneration, 22, .abort),
            (.transactionOffsetCommit, .unknownMember, 25, .abort),
            (.transactionOffsetCommit, .fencedInstance, 82, .abort),
            (.transactionOffsetCommit, .fenced, 47, .newProducer),
            (.produce, .topicAuthorizationFailed, 29, .abort),
        ] as [(MockCluster.Request, KafkaError.Code, Int32, KafkaError.TransactionRecovery)])
    func answers(
        _ request: MockCluster.Request, _ code: KafkaError.Code, _ answer: Int32,
        _ recovery: KafkaError.TransactionRecovery
    ) async throws {
        let writer = try await Writer()
        writer.cluster.pushRequestErrors(request, [KafkaError.Code(number: answer)])
        try await writer.producer.beginTransaction()
        try writer.write(1)
        let error = await failure { () async throws(KafkaError) in
            try await writer.producer.sendOffsets(offsets, group: group, timeout: time)
            try await writer.producer.commitTransaction(timeout: time)
        }
        #expect(error?.code == code, "\(String(describing: error))")
        #expect(error?.transactionRecovery == recovery, "\(String(describing: error))")
        #expect(error?.isFenced == (code == .fenced))
        #expect(error?.isRetriable == false && error?.message.contains("'id'") == true)
        if recovery == .abort {
            try await writer.producer.abortTransaction(timeout: time)
            try await writer.producer.beginTransaction()
            // The mock misses the number of a record that it refused.
            if request != .produce { try writer.write(1) }
            try await writer.producer.commitTransaction(timeout: time)
        } else {
            #expect(writer.producer.fatalError?.code == code)
        }
        await writer.producer.close(timeout: time)
    }

    @Test("why a transaction failed can be asked for, which changes nothing: its records say that they were purged")
    func reason() async throws {
        let writer = try await Writer()
        try await writer.producer.beginTransaction()
        try writer.write(1)
        #expect(await writer.producer.transactionFailure() == nil)
        try await writer.producer.commitTransaction(timeout: time)
        #expect(writer.reports.all.map(\.error?.code) == [nil])
        writer.cluster.pushRequestErrors(.addPartitionsToTransaction, [.topicAuthorizationFailed])
        try await writer.producer.beginTransaction()
        try writer.write(1)
        try await eventually("the record is given up") { writer.reports.count == 2 }
        #expect(writer.reports.all.last?.error?.code == .purgedFromQueue)
        let error = await writer.producer.transactionFailure()
        #expect(error?.code == .topicAuthorizationFailed && error?.requiresAbort == true)
        #expect(error?.message.contains("'id'") == true && error?.message.contains("Write on the topics") == true)
        try await writer.producer.abortTransaction(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test("errors of brokers that pass are lived through by the library")
    func passing() async throws {
        let writer = try await Writer(isReady: false)
        writer.cluster.pushRequestErrors(.initProducerID, [.coordinatorLoading])
        writer.cluster.pushRequestErrors(
            .addPartitionsToTransaction, [.concurrentTransactions, .concurrentTransactions])
        writer.cluster.pushRequestErrors(.addOffsetsToTransaction, [.concurrentTransactions])
        writer.cluster.pushRequestErrors(.transactionOffsetCommit, [.coordinatorLoading])
        writer.cluster.pushRequestErrors(.endTransaction, [.coordinatorLoading, .transport])
        try await writer.producer.initTransactions(timeout: time)
        try await writer.producer.beginTransaction()
        try writer.write(1)
        try await writer.producer.sendOffsets(offsets, group: group, timeout: time)
        try await writer.producer.commitTransaction(timeout: time)
        await writer.producer.close(timeout: time)
    }

    @Test("calls out of order are refused, and lead to a new producer; a record outside a transaction is not taken")
    func order() async throws {
        let writer = try await Writer()
        let record = await failure { () async throws(KafkaError) in try writer.write(1) }
        #expect(record?.code == .outOfOrder && record?.message.contains("No transaction is open") == true)
        let commit = await failure { () async throws(KafkaError) in
            try await writer.producer.commitTransaction(timeout: time)
        }
        #expect(commit?.code == .outOfOrder && commit?.transactionRecovery == .newProducer)
        await writer.producer.close(timeout: time)
        let closed = await failure { () async throws(KafkaError) in try await writer.producer.beginTransaction() }
        #expect(closed?.code == .closed)
    }

    @Test("a producer without an id has no transactions, and says so")
    func notTransactional() async throws {
        let writer = try await Writer(isReady: false) { $0.transactionalID = nil }
        let error = await failure { () async throws(KafkaError) in
            try await writer.producer.initTransactions(timeout: time)
        }
        #expect(error?.code == .notConfigured && error?.isRetriable == false)
        await writer.producer.close(timeout: time)
    }

    @Test(
        "settings that cannot work are refused with the limits",
        arguments: [
            ("", 10, nil, "empty"), ("id", 0.5, nil, "1 to 900"), ("id", 901, nil, "1 to 900"),
            ("id", 5, 6, "delivery timeout"),
        ] as [(String, Double, Int?, String)])
    func settings(_ id: String, _ timeout: Double, _ delivery: Int?, _ text: String) async {
        await #expect {
            try await Writer(isReady: false) {
                $0.transactionalID = id
                $0.transactionTimeout = .seconds(timeout)
                $0.deliveryTimeout = delivery.map { .seconds($0) }
            }
        } throws: { error in
            (error as? KafkaError)?.code == .invalidArgument && "\(error)".contains(text)
        }
    }

    @Test("the shortest and the longest transaction are allowed", arguments: [1, 900])
    func limits(_ seconds: Int) async throws {
        let writer = try await Writer { $0.transactionTimeout = .seconds(seconds) }
        await writer.producer.close(timeout: time)
    }

    @Test("a transaction that lacks a record cannot be committed; after its abort the next one can")
    func gap() async throws {
        let writer = try await Writer()
        let producer = writer.producer
        _ = try await producer.metadata(topic: "t", timeout: time)
        try await producer.beginTransaction()
        try writer.write(3)
        var headers = ProducerHeaders()
        try producer.produce(
            to: producer.topic("t"), partition: 99, key: nil, value: nil, headers: &headers, timestamp: 0, token: 9)
        let atOffsets = await failure { () async throws(KafkaError) in
            try await producer.sendOffsets(offsets, group: group, timeout: time)
        }
        #expect(atOffsets?.transactionRecovery == .abort, "\(String(describing: atOffsets))")
        let atCommit = await failure { () async throws(KafkaError) in
            try await producer.commitTransaction(timeout: time)
        }
        #expect(atCommit?.transactionRecovery == .abort, "\(String(describing: atCommit))")
        try await producer.abortTransaction(timeout: time)
        let lost = writer.reports.all.filter { $0.token == 9 }
        #expect(lost.map { $0.error?.code } == [KafkaError.Code.unknownPartition])
        try await producer.beginTransaction()
        try writer.write(1)
        try await producer.commitTransaction(timeout: time)
        await producer.close(timeout: time)
    }
}

/// The error of a call; nil where it made it.
func failure(_ call: () async throws(KafkaError) -> Void) async -> KafkaError? {
    do throws(KafkaError) {
        try await call()
        return nil
    } catch {
        return error
    }
}
