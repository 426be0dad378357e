internal import RDKafka
internal import Synchronization

/// Takes a producer's reports and errors to the delivery, which is made after the producer.
final class ReportInlet: Sendable {
    let refusal = RefusedCredentials()
    private let delivery = Mutex<Delivery?>(nil)

    func connect(_ delivery: Delivery) {
        self.delivery.withLock { $0 = delivery }
    }

    /// The producer is closed. It keeps this, and so what it is connected to keeps nothing of it.
    func disconnect() {
        delivery.withLock { $0 = nil }
    }

    func take(_ reports: [DeliveryReport]) {
        if reports.contains(where: { $0.error == nil }) { refusal.succeeded() }
        delivery.withLock { $0 }?.acknowledge(reports)
    }

    /// There is room for results that were refused.
    func makeRoom() {
        delivery.withLock { $0 }?.acknowledge([])
    }

    /// An error that is not one record's.
    func take(_ error: KafkaError) {
        guard let lasting = refusal.note(error) else { return }
        delivery.withLock { $0 }?.ledger.fail(lasting)
    }
}
