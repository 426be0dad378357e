import Testing

@testable import IntegrationBridge
@testable import RDKafka

@Suite("DeliveryLedger", .timeLimit(.minutes(5)))
struct DeliveryLedgerTests {
    enum Way: CaseIterable {
        case refusedResult, failedCommit
    }

    private let ledger = DeliveryLedger()

    /// A task that waits for a failure, and waits indeed.
    private func waiter() async throws -> Task<KafkaError?, Never> {
        let waiter = Task { [ledger] in await ledger.waitForFailure() }
        try await eventually("the task to wait") { ledger.failed.waitingCount == 1 }
        return waiter
    }

    @Test(
        "Who waits for a failure is not woken by what is acknowledged, and learns of the first one",
        arguments: Way.allCases)
    func failure(_ way: Way) async throws {
        let waiter = try await waiter()
        defer { waiter.cancel() }
        ledger.acknowledge([DeliveryReport(token: 1, partition: 0, offset: 0, error: nil)])
        #expect(ledger.failed.waitingCount == 1)
        let error = KafkaError(.topicAuthorizationFailed, "no", topic: "t")
        switch way {
        case .refusedResult:
            ledger.acknowledge([DeliveryReport(token: 2, partition: 0, offset: -1, error: error)])
        case .failedCommit: ledger.fail(error)
        }
        try await eventually("the task to be woken") { ledger.failed.waitingCount == 0 }
        #expect(await waiter.value?.code == .topicAuthorizationFailed)
        ledger.fail(KafkaError(.fatal, "later"))
        #expect(await ledger.waitForFailure()?.code == .topicAuthorizationFailed, "and whoever asks later")
    }

    @Test("Who waits for a failure goes on when the task is cancelled")
    func cancelled() async throws {
        let waiter = try await waiter()
        waiter.cancel()
        #expect(await waiter.value == nil)
    }
}
