internal import RDKafka

extension Pipeline {
    /// Makes calls and sends their results until the task is cancelled, or an output is refused for good.
    func runWorker() async throws(KafkaError) {
        var writer = OutputWriter(format: format)
        while let flight = await resolver.nextLandedFlight() {
            let held = try await deliver(flight, &writer)
            resolver.release(flight.heldBytes - held)
        }
    }

    /// - Returns: the bytes of requests whose results wait for their turn.
    private func deliver(_ flight: LandedFlight, _ writer: inout OutputWriter) async throws(KafkaError) -> Int {
        var tally = ResultTally()
        var delivered = 0
        var heldBytes = 0
        for (index, waiter) in flight.waiters.enumerated() {
            // Its partition may be somebody else's by now, who reads the request again.
            guard delivery.ledger.isAssigned(waiter.assignment) else { continue }
            let source = flight.source(ofWaiter: delivered)
            let result = HeldResult(
                request: waiter, id: flight.id, result: flight.result, source: source, attempts: flight.attempts)
            guard let held = try await send(result, &writer) else {
                delivery.abandon(flight.waiters[index...].map(\.token))
                break
            }
            heldBytes += held
            tally.count(flight.result, source)
            delivered += 1
        }
        counters.count(tally)
        return heldBytes
    }

    /// - Returns: the bytes that wait for their turn; `nil` where the task was cancelled while there was no room.
    private func send(_ result: HeldResult, _ writer: inout OutputWriter) async throws(KafkaError) -> Int? {
        while true {
            let room = delivery.ledger.roomCount
            switch try delivery.send(result, &writer) {
            case .taken(let heldBytes): return heldBytes
            case .dropped:
                delivery.abandon([result.request.token])
                return 0
            case .full:
                if Task.isCancelled { return nil }
                await delivery.ledger.waitForRoom(after: room)
            }
        }
    }
}
