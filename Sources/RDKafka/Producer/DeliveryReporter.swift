/// Takes reports to whom they belong: to who awaits one record, or to the producer's owner.
struct DeliveryReporter: Sendable {
    let sends: PendingSends
    let onDeliveries: @Sendable ([DeliveryReport]) -> Void

    /// Reports records that the library never had.
    func fail(_ records: [(token: UInt64, error: KafkaError)]) {
        var reports: [DeliveryReport] = []
        for (token, error) in records {
            let report = DeliveryReport(token: token, partition: -1, offset: -1, error: error)
            if token & PendingSends.mark != 0 {
                sends.resolve(report)
            } else {
                reports.append(report)
            }
        }
        if !reports.isEmpty { onDeliveries(reports) }
    }
}
