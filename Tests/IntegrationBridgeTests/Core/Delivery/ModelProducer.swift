@testable import IntegrationBridge

/// A producer's queue, and its side of a transaction: what librdkafka does, as far as it shows.
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
    private(set) var isInTransaction = false
    /// The brokers were asked to take something into the transaction. Ending it tells them from then on.
    private(set) var hasAsked = false
    /// They said yes: from then on records go out.
    private(set) var isRegistered = false
    /// A record of the transaction was not delivered.
    private(set) var hasLost = false
    var isFenced = false
    private(set) var queue: [Queued] = []
    var reports: [(token: RecordToken, isRefused: Bool)] = []

    init(id: Int) {
        self.id = id
    }

    mutating func produce(_ record: Queued) {
        queue.append(record)
    }

    mutating func begin() {
        isInTransaction = true
        hasAsked = false
        isRegistered = false
        hasLost = false
    }

    mutating func end() {
        isInTransaction = false
    }

    /// Asks the brokers to take records or offsets into the transaction.
    mutating func register(_ world: DeliveryWorld) throws(ModelBroker.Refusal) {
        hasAsked = true
        try world.broker.register(id, epoch: epoch, now: world.now)
        isRegistered = true
    }

    /// Sends the next record of one of the topics; or asks for its place in the transaction, once more where the one before
    /// is still being completed.
    mutating func flush(_ world: DeliveryWorld) {
        guard !queue.isEmpty else { return }
        if world.mode == .exactlyOnce, !isRegistered, !isFenced { return registerFirst(world) }
        let topic = world.draw(2)
        guard let index = queue.firstIndex(where: { $0.topic == topic }) ?? queue.indices.first else { return }
        let record = queue.remove(at: index)
        if world.strikes(.lostRecord) {
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

    private mutating func registerFirst(_ world: DeliveryWorld) {
        let isUnanswered = world.strikes(.lostRegistration)
        if isUnanswered, world.draw(2) == 0 {
            hasAsked = true
            return
        }
        do throws(ModelBroker.Refusal) {
            try register(world)
            if isUnanswered { isRegistered = false }
        } catch {
            isFenced = error == .fenced
        }
    }

    @discardableResult
    private mutating func append(_ record: Queued, _ world: DeliveryWorld) -> Bool {
        guard world.mode == .exactlyOnce else {
            world.broker.append(record.input, topic: record.topic)
            return true
        }
        do throws(ModelBroker.Refusal) {
            try world.broker.append(record.input, topic: record.topic, id: id, epoch: epoch)
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
