import RDKafka
import Testing

@testable import IntegrationBridge

@Suite("Results that are refused again and again")
struct RepeatedRefusalTests {
    private func answers(_ codes: [KafkaError.Code]) -> [Bool] {
        var refusal = RepeatedRefusal()
        return codes.map { refusal.isForGood(KafkaError($0, "refused")) }
    }

    @Test("The fifth refusal in a row for the same reason is for good")
    func sameReason() {
        #expect(answers(Array(repeating: .invalidRecord, count: 6)) == [false, false, false, false, true, true])
    }

    @Test("Another reason begins anew")
    func otherReason() {
        let codes: [KafkaError.Code] = Array(repeating: .invalidRecord, count: 4) + [.policyViolation]
        #expect(answers(codes + codes).allSatisfy { !$0 })
        #expect(answers(codes + Array(repeating: .policyViolation, count: 4)).last == true)
    }

    @Test("Brokers in trouble and transactions that were ended never are, and are no excuse for what is")
    func passing() {
        let passing: [KafkaError.Code] = [
            .transport, .coordinatorLoading, .messageTimedOut, .timedOut, .fenced, .producerFenced,
            .invalidProducerEpoch, .invalidTransactionState, .fatal, .inconsistent, .purgedFromQueue,
            .purgedInFlight, .outOfOrder, .closed,
        ]
        for code in passing {
            #expect(answers(Array(repeating: code, count: 20)).allSatisfy { !$0 }, "\(code)")
        }
        let mixed = (0..<5).flatMap { [.invalidRecord, passing[$0 * 2]] as [KafkaError.Code] }
        #expect(answers(mixed).filter { $0 }.count == 1)
    }
}
