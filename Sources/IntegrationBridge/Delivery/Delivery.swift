internal import RDKafka

/// Sends results: as they come, in the order of their requests, or in transactions with their offsets.
///
/// An offset is committed only when every record up to it has an acknowledged output.
final class Delivery: Sendable {
    /// What became of a result.
    enum Outcome: Sendable {
        /// The producer has it, or it waits for its turn; `heldBytes` are freed when it goes out.
        case taken(heldBytes: Int)
        /// There is no room for it now: it is tried again after ``DeliveryLedger/waitForRoom(after:)``.
        case full
        /// Its record was given up: whoever gets the partition reads it again.
        case dropped
    }

    let ledger: DeliveryLedger
    /// Where the order of requests is kept.
    let ordered: OrderedDelivery?
    private let unordered: ResultProducer

    init(ledger: DeliveryLedger, producer: ResultProducer, ordered: OrderedDelivery?) {
        self.ledger = ledger
        self.ordered = ordered
        unordered = producer
    }

    var usesTransactions: Bool { ordered?.usesTransactions ?? false }

    /// The producer at the moment.
    var producer: Producer { ordered?.producer ?? unordered.producer }

    // MARK: Results

    /// Sends a result whose request is still in its batch.
    func send(
        _ request: LookupRequest, _ result: LookupResult, source: LookupSource, _ writer: inout OutputWriter
    ) throws(KafkaError) -> Outcome {
        if let ordered { return try ordered.send(request, result, source: source, &writer) }
        let isTaken = try unordered.produce(request, result, source: source, attempts: 0, &writer)
        return isTaken ? .taken(heldBytes: 0) : .full
    }

    /// Sends a result whose request has waited for it.
    func send(_ held: HeldResult, _ writer: inout OutputWriter) throws(KafkaError) -> Outcome {
        if let ordered { return try ordered.send(held, &writer) }
        let isTaken = try held.withRequest { request throws(KafkaError) in
            try unordered.produce(request, held.result, source: held.source, attempts: held.attempts, &writer)
        }
        return isTaken ? .taken(heldBytes: 0) : .full
    }

    /// Takes in what the brokers acknowledged, or refused.
    func acknowledge(_ reports: [DeliveryReport]) {
        guard let ordered else { return ledger.acknowledge(reports) }
        ordered.acknowledge(reports)
    }

    /// What is open in each partition.
    var loads: [TopicPartition: WindowGuard.Load] { ledger.loads(heldBytes: ordered?.heldBytes ?? [:]) }

    // MARK: Assignments

    func assign(_ partitions: [AssignedPartition]) {
        ordered?.assign(partitions.map(\.id))
        ledger.assign(partitions)
    }

    /// Gives records up, and what waits for its turn behind them.
    func abandon(_ tokens: [RecordToken]) {
        ledger.abandon(tokens + (ordered?.giveUp(tokens) ?? []))
    }

    /// Ends assignments.
    ///
    /// - Returns: what may be committed of them; nothing where transactions do that.
    func end(_ assignments: [UInt32]) -> [TopicPartitionOffset] {
        ordered?.end(assignments)
        let finished = ledger.end(assignments)
        return usesTransactions ? [] : finished
    }
}
