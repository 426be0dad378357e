import RDKafka

/// Records of output topics by the `ce_id` of their requests, each once: where a reader's group is rebalanced, it begins
/// again.
struct ResultsByRequest: Sendable {
    private struct Place: Hashable {
        let topic: String
        let partition: Int32
        let offset: Int64
    }

    private var places: Set<Place> = []
    private(set) var byRequest: [String: [Record]] = [:]
    /// Keys of records that the bridge has not written.
    private(set) var strangers: Set<[UInt8]> = []

    mutating func add(_ record: Record) {
        let place = Place(topic: record.topic, partition: record.partition, offset: record.offset)
        guard places.insert(place).inserted else { return }
        if let id = record.text(of: "ce_id") {
            byRequest[id, default: []].append(record)
        } else {
            strangers.insert(record.key ?? [])
        }
    }
}
