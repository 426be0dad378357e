import RDKafka
import Testing

@testable import IntegrationBridge

@Suite("BridgeParts", .timeLimit(.minutes(2)))
struct BridgePartsTests {
    @Test("What a run opened is released when it is closed, its producer too", arguments: [false, true])
    func released(_ isOrdered: Bool) async throws {
        let harness = try BridgeHarness()
        defer { harness.stop() }
        var configuration = harness.configuration
        configuration.delivery.order = isOrdered ? .partition : .unordered
        let bridge = try harness.bridge(configuration)
        let held = Held()
        try await openAndClose(bridge, held)
        // Its own threads hold it for a moment more.
        try await eventually("the producer to be released") { held.producer == nil }
        try await eventually("the delivery to be released") { held.delivery == nil }
    }

    private func openAndClose(_ bridge: Bridge, _ held: Held) async throws {
        let parts = try #require(try await BridgeParts.open(bridge))
        held.producer = parts.delivery.producer
        held.delivery = parts.delivery
        #expect(held.producer != nil && held.delivery != nil)
        await parts.close(by: .now + .seconds(10))
    }

    private final class Held {
        weak var producer: Producer?
        weak var delivery: Delivery?
    }
}
