internal import RDKafka
internal import Synchronization

/// Takes a producer's reports to the delivery, which is made after the producer.
final class ReportInlet: Sendable {
    private let delivery = Mutex<Delivery?>(nil)

    func connect(_ delivery: Delivery) {
        self.delivery.withLock { $0 = delivery }
    }

    func take(_ reports: [DeliveryReport]) {
        delivery.withLock { $0 }?.acknowledge(reports)
    }
}
