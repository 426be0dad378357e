import Testing

@testable import IntegrationBridge
@testable import RDKafka

@Suite("DeliveryLedger", .timeLimit(.minutes(1)))
struct DeliveryLedgerTests {
    enum Way: CaseIterable {
        case refusedResult, failedCommit
    }

    @Test("Who waits for a failure learns of the first one, whichever way it comes", arguments: Way.allCases)
    func failure(_ way: Way) async {
        let ledger = DeliveryLedger()
        let error = KafkaError(.topicAuthorizationFailed, "no", topic: "t")
        async let failure = ledger.waitForFailure()
        // What is acknowledged is no failure.
        ledger.acknowledge([DeliveryReport(token: 1, partition: 0, offset: 0, error: nil)])
        switch way {
        case .refusedResult:
            ledger.acknowledge([DeliveryReport(token: 2, partition: 0, offset: -1, error: error)])
        case .failedCommit: ledger.fail(error)
        }
        ledger.fail(KafkaError(.fatal, "later"))
        #expect(await failure?.code == .topicAuthorizationFailed)
        #expect(await ledger.waitForFailure()?.code == .topicAuthorizationFailed, "and whoever asks later")
    }

    @Test("Who waits for a failure goes on when the task is cancelled")
    func cancelled() async {
        let waiter = Task { [ledger = DeliveryLedger()] in await ledger.waitForFailure() }
        waiter.cancel()
        #expect(await waiter.value == nil)
    }
}
