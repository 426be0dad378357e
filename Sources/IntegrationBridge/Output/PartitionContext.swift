internal import JSONText
internal import RDKafka

/// What the results of one assigned partition have in common, made once when it is assigned.
final class PartitionContext: Sendable {
    let assigned: AssignedPartition
    /// `"request":{"topic":"...","partition":N,"offset":`
    let lookupRequest: [UInt8]
    /// `<topic>-<partition>-`, the start of `ce_id`.
    let eventIDPrefix: [UInt8]
    let topic: [UInt8]
    let partition: [UInt8]

    init(_ assigned: AssignedPartition) {
        self.assigned = assigned
        topic = Array(assigned.topicPartition.topic.utf8)
        partition = Array("\(assigned.topicPartition.partition)".utf8)
        eventIDPrefix = topic + Array("-".utf8) + partition + Array("-".utf8)
        var writer = ByteWriter()
        writer.append("\"request\":{\"topic\":")
        topic.withUnsafeBytes { writer.append(jsonString: $0) }
        writer.append(",\"partition\":")
        partition.withUnsafeBytes { writer.append($0) }
        writer.append(",\"offset\":")
        lookupRequest = writer.bytes()
    }
}
