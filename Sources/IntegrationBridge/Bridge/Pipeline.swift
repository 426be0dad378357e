internal import JSONText
internal import NotificationsAPI
internal import RDKafka

/// Takes batches from the consumer to the output: what the cache knows and what is no request leaves within the batch,
/// without a task or an allocation for each record; the rest waits for flights.
final class Pipeline: Sendable {
    let delivery: Delivery
    let resolver: Resolver
    let format: OutputFormat
    private let pointer: JSONPointer
    private let pointerText: String
    let counters: BridgeCounters

    init(
        delivery: Delivery, resolver: Resolver, format: OutputFormat, pointer: JSONPointer, pointerText: String,
        counters: BridgeCounters
    ) {
        self.delivery = delivery
        self.resolver = resolver
        self.format = format
        self.pointer = pointer
        self.pointerText = pointerText
        self.counters = counters
    }

    // MARK: Batches

    /// Runs until the batches end, the task is cancelled, or an output is refused for good.
    func run(_ batches: Consumer.Batches, _ window: WindowGuard) async throws(KafkaError) {
        var intake = Intake(pointer: pointer, text: pointerText)
        var writer = OutputWriter(format: format)
        var work = BatchWork()
        var faults = FaultDocuments()
        var iterator = batches.makeAsyncIterator()
        while !Task.isCancelled, let batch = try await iterator.next(isolation: nil) {
            work.removeAll()
            intake.reset()
            accept(batch, &intake, &faults, &work)
            resolver.resolve(&work)
            try await deliver(&work, &writer)
            // The requests point into the batch.
            withExtendedLifetime(batch) {}
            window.adjust()
            await resolver.waitForRoom()
        }
    }

    private func accept(
        _ batch: RecordBatch, _ intake: inout Intake, _ faults: inout FaultDocuments, _ work: inout BatchWork
    ) {
        let contexts = delivery.ledger.contexts(of: batch.partitions)
        delivery.ledger.accept(batch, into: &work.tokens)
        counters.countRequests(batch.count)
        for index in 0..<batch.count {
            let record = batch.view(index)
            guard let token = work.tokens[index], let context = contexts[record.partitionIndex] else { continue }
            let result = intake.read(record)
            var item = BatchWork.Item()
            switch result.id {
            case .found(let id):
                item.request = LookupRequest(
                    context: context, token: token, record: record, payload: result.payload, form: result.form, id: id)
            case .fault(let fault):
                item.request = LookupRequest(
                    context: context, token: token, record: record, payload: result.payload, form: result.form,
                    id: nil)
                item.answer = .failed(faults.document(of: fault))
            }
            work.requests.append(item)
        }
    }

    private func deliver(_ work: inout BatchWork, _ writer: inout OutputWriter) async throws(KafkaError) {
        var tally = ResultTally()
        for index in work.requests.indices {
            guard let request = work.requests[index].request, let answer = work.requests[index].answer else { continue }
            let source: LookupSource =
                request.id == nil ? .api : work.requests[index].isStale ? .stale : .cache
            guard try await send(request, answer, source: source, &writer) else {
                delivery.abandon(
                    work.requests[index...].compactMap { $0.answer == nil ? nil : $0.request?.token })
                break
            }
            tally.count(answer, source)
            work.requests[index] = BatchWork.Item()
        }
        counters.count(tally)
    }

    /// - Returns: false where the task was cancelled while there was no room for the result.
    private func send(
        _ request: LookupRequest, _ result: LookupResult, source: LookupSource, _ writer: inout OutputWriter
    ) async throws(KafkaError) -> Bool {
        while true {
            let room = delivery.ledger.roomCount
            switch try delivery.send(request, result, source: source, &writer) {
            case .taken(let heldBytes):
                if heldBytes > 0 { resolver.hold(heldBytes) }
                return true
            case .dropped:
                delivery.abandon([request.token])
                return true
            case .full:
                if Task.isCancelled { return false }
                await delivery.ledger.waitForRoom(after: room)
            }
        }
    }
}
