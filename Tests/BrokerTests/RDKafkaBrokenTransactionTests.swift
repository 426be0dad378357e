import RDKafka
import Testing

@Suite("Transactions on a Kafka that breaks", .needsOwnKafka, .serialized, .timeLimit(.minutes(4)))
struct RDKafkaBrokerBrokenTransactionTests {
    @Test("A broker that hangs ends each call at its deadline, to be called again; when it answers, the call is done")
    func hanging() async throws {
        let scenario = try await TransactionScenario(broker: try KafkaBroker.own(), requests: 1)
        // The group has its coordinator, as it has where somebody reads.
        #expect(try await scenario.committed() == nil)
        let writer = try await scenario.producer(timeout: .seconds(60))
        for call in ["commit", "abort", "offsets"] {
            try await writer.producer.beginTransaction()
            try writer.write(call)
            try await writer.producer.flush(timeout: .seconds(20))
            func make(_ timeout: Duration) async -> KafkaError? {
                await failure { () async throws(KafkaError) in
                    switch call {
                    case "offsets":
                        try await writer.producer.sendOffsets(
                            scenario.offset(1), group: scenario.stranger, timeout: timeout)
                    case "commit": try await writer.producer.commitTransaction(timeout: timeout)
                    default: try await writer.producer.abortTransaction(timeout: timeout)
                    }
                }
            }
            try await scenario.freeze()
            let start = ContinuousClock.now
            let error = await make(.seconds(1))
            #expect(ContinuousClock.now - start < .seconds(20), "\(call)")
            if call == "offsets" {
                // The library goes on with this one for as long as its transaction may be open.
                #expect(error?.code == .timedOut && error?.transactionRecovery == .newProducer)
                let next = await failure { () async throws(KafkaError) in
                    try await writer.producer.abortTransaction(timeout: .seconds(20))
                }
                #expect(next?.transactionRecovery == .newProducer && writer.producer.fatalError != nil)
                try scenario.broker.command("thaw")
                break
            }
            #expect(
                error?.code == .timedOut && error?.transactionRecovery == .callAgain,
                "\(call) \(String(describing: error))")
            try scenario.broker.command("thaw")
            let again = await make(.seconds(40))
            #expect(again == nil, "\(call) \(String(describing: again))")
        }
        await writer.producer.close(timeout: .seconds(10))
        let next = try await scenario.producer()
        try await next.producer.beginTransaction()
        try next.write("next")
        try await next.producer.sendOffsets(scenario.offset(1), group: scenario.stranger, timeout: .seconds(20))
        try await next.producer.commitTransaction(timeout: .seconds(20))
        #expect(try await scenario.committed() == 1)
        let results = try await scenario.visibleResults()
        #expect(results == ["commit", "next"], "\(results)")
        await next.producer.close(timeout: .seconds(10))
        try scenario.broker.command("kill")
    }

    @Test("A broker that is killed under a transaction and started again: what is called again ends it, once")
    func restarted() async throws {
        let scenario = try await TransactionScenario(broker: try KafkaBroker.own(), requests: 1)
        #expect(try await scenario.committed() == nil)
        let writer = try await scenario.producer(timeout: .seconds(60))
        for round in 0..<2 {
            try await writer.producer.beginTransaction()
            try writer.write("\(round)")
            try await writer.producer.sendOffsets(
                scenario.offset(Int64(round)), group: scenario.stranger, timeout: .seconds(20))
            try scenario.broker.command("kill")
            let error = await failure { () async throws(KafkaError) in
                try await writer.producer.commitTransaction(timeout: .seconds(1))
            }
            #expect(error?.transactionRecovery == .callAgain, "\(String(describing: error))")
            try scenario.broker.command("start")
            try await writer.producer.commitTransaction(timeout: .seconds(60))
        }
        #expect(try await scenario.committed() == 1)
        #expect(try await scenario.visibleResults() == ["0", "1"])
        await writer.producer.close(timeout: .seconds(10))
        try scenario.broker.command("kill")
    }

    @Test("Without a broker initTransactions ends at its deadline, to be called again")
    func unreachable() async throws {
        let scenario = try await TransactionScenario(broker: try KafkaBroker.own(), requests: 0)
        try scenario.broker.command("kill")
        let writer = try TransactionalWriter(
            scenario.broker, id: scenario.id, results: scenario.results, timeout: .seconds(10))
        let error = await failure { () async throws(KafkaError) in
            try await writer.producer.initTransactions(timeout: .seconds(1))
        }
        #expect(error?.transactionRecovery == .callAgain, "\(String(describing: error))")
        try scenario.broker.command("start")
        try await writer.producer.initTransactions(timeout: .seconds(60))
        try await writer.producer.beginTransaction()
        try writer.write("seen")
        try await writer.producer.commitTransaction(timeout: .seconds(20))
        #expect(try await scenario.visibleResults() == ["seen"])
        await writer.producer.close(timeout: .seconds(10))
        try scenario.broker.command("kill")
    }
}
