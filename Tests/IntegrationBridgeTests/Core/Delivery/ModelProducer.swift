@testable import IntegrationBridge

/// A producer's queue, and its side of a transaction.
struct ModelProducer {
    struct Queued {
        var token: RecordToken
        var input: ModelInput
        var topic: Int
    }

    static let queueLimit = 5

    let id: Int
    var epoch = 0
    /// Between begin and the end of a transaction.
    var isInTransaction = false
    /// The brokers were told of the transaction.
    var isRegistered = false
    /// A record of the transaction was not delivered.
    var hasLost = false
    var isFenced = false
    var queue: [Queued] = []
    var reports: [(token: RecordToken, isRefused: Bool)] = []

    /// Sends the next record of one of the topics.
    mutating func flush(_ world: DeliveryWorld) {
        let topic = world.draw(2)
        guard let index = queue.firstIndex(where: { $0.topic == topic }) ?? queue.indices.first else { return }
        let record = queue.remove(at: index)
        if world.strikes(oneIn: 150) {
            // Lost, or written and not answered.
            if world.draw(2) == 0 { append(record, world) }
            hasLost = true
            if world.mode != .exactlyOnce { world.broker.unordered.insert(record.input) }
            reports.append((record.token, true))
            return
        }
        let isWritten = append(record, world)
        if !isWritten { hasLost = true }
        reports.append((record.token, !isWritten))
    }

    @discardableResult
    private mutating func append(_ record: Queued, _ world: DeliveryWorld) -> Bool {
        guard world.mode == .exactlyOnce else {
            world.broker.append(record.input, topic: record.topic)
            return true
        }
        do throws(ModelBroker.Refusal) {
            try world.broker.append(record.input, topic: record.topic, id: id, epoch: epoch, now: world.now)
            isRegistered = true
            return true
        } catch {
            isFenced = true
            return false
        }
    }

    /// What an abort or a close does to records that were not sent.
    mutating func purge() {
        for record in queue { reports.append((record.token, true)) }
        queue = []
    }
}
