/// Takes reports to whom they belong: to who awaits one record, or to the producer's owner.
struct DeliveryReporter: Sendable {
    let sends: PendingSends
    let onDeliveries: @Sendable ([DeliveryReport]) -> Void

    /// Tells who awaits the record, or puts the report among those for the owner.
    func sort(_ report: DeliveryReport, into reports: inout [DeliveryReport]) {
        if report.token & PendingSends.mark != 0 {
            sends.resolve(report)
        } else {
            reports.append(report)
        }
    }

    /// Tells the owner.
    func tell(_ reports: [DeliveryReport]) {
        if !reports.isEmpty { onDeliveries(reports) }
    }

    /// Reports records that the library never had.
    func fail(_ records: [(token: UInt64, error: KafkaError)]) {
        var reports: [DeliveryReport] = []
        for (token, error) in records {
            sort(DeliveryReport(token: token, partition: -1, offset: -1, error: error), into: &reports)
        }
        tell(reports)
    }
}
