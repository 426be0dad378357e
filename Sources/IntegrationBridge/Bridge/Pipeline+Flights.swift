internal import RDKafka

extension Pipeline {
    /// Makes calls and sends their results until the task is cancelled, or an output is refused for good.
    func runWorker() async throws(KafkaError) {
        var writer = OutputWriter(format: format)
        while let flight = await resolver.nextLandedFlight() {
            defer { resolver.release(flight) }
            try await deliver(flight, &writer)
        }
    }

    private func deliver(_ flight: LandedFlight, _ writer: inout OutputWriter) async throws(KafkaError) {
        var tally = ResultTally()
        var delivered = 0
        for (index, waiter) in flight.waiters.enumerated() {
            // Its partition may be somebody else's by now, who reads the request again.
            guard delivery.ledger.isAssigned(waiter.assignment) else { continue }
            let source = flight.source(ofWaiter: delivered)
            let isSent = try await send(waiter, flight, source, &writer)
            guard isSent else {
                delivery.ledger.abandon(flight.waiters[index...].map(\.token))
                break
            }
            tally.count(flight.result, source)
            delivered += 1
        }
        counters.count(tally)
    }

    private func send(
        _ waiter: HeldRequest, _ flight: LandedFlight, _ source: LookupSource, _ writer: inout OutputWriter
    ) async throws(KafkaError) -> Bool {
        while true {
            let reports = delivery.ledger.reportBatches
            let isSent = try flight.id.withUnsafeBufferPointer { id throws(KafkaError) in
                try waiter.withRequest(id: UnsafeRawBufferPointer(id)) { request throws(KafkaError) in
                    try delivery.send(
                        request, flight.result, source: source, attempts: flight.attempts, writer: &writer)
                }
            }
            if isSent { return true }
            if Task.isCancelled { return false }
            await delivery.ledger.waitForReports(after: reports)
        }
    }
}
