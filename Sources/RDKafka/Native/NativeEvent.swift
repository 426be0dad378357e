internal import CLibRDKafka

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Owner of a `rd_kafka_event_t`, and with it of the messages and lists in it.
struct NativeEvent: ~Copyable {
    let pointer: OpaquePointer

    init(_ pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        rd_kafka_event_destroy(pointer)
    }

    var type: rd_kafka_event_type_t { rd_kafka_event_type(pointer) }

    /// The next message in it. For a fetched one this also moves the position of its partition, so call it only where
    /// the message is taken.
    @inline(__always)
    func nextMessage() -> UnsafePointer<rd_kafka_message_t>? { rd_kafka_event_message_next(pointer) }

    var errorCode: rd_kafka_resp_err_t { rd_kafka_event_error(pointer) }

    var errorText: String { String(cString: rd_kafka_event_error_string(pointer)) }

    var isFatal: Bool { rd_kafka_event_error_is_fatal(pointer) != 0 }

    /// What an error event is about: with the offset it is about, where there is one.
    var errorPosition: TopicPartitionOffset? {
        guard let position = rd_kafka_event_topic_partition(pointer) else { return nil }
        defer { rd_kafka_topic_partition_destroy(position) }
        return TopicPartitionOffset(
            topicPartition: TopicPartition(
                topic: String(cString: position.pointee.topic), partition: position.pointee.partition),
            offset: position.pointee.offset)
    }

    /// The partitions of a rebalance or of a commit.
    var partitions: [PartitionResult] {
        guard let list = rd_kafka_event_topic_partition_list(pointer) else { return [] }
        return NativePartitionList.contents(of: list)
    }

    var logLine: KafkaLogLine? {
        var facility: UnsafePointer<CChar>?
        var text: UnsafePointer<CChar>?
        var level: Int32 = 0
        guard rd_kafka_event_log(pointer, &facility, &text, &level) == 0, let facility, let text else { return nil }
        return KafkaLogLine(
            level: KafkaLogLine.Level(rawValue: level) ?? .info, facility: String(cString: facility),
            message: String(cString: text))
    }

    /// Gives the statistics' JSON for the length of the call.
    func withStatistics(_ body: (UnsafeRawBufferPointer) -> Void) {
        guard let text = rd_kafka_event_stats(pointer) else { return }
        body(UnsafeRawBufferPointer(start: text, count: strlen(text)))
    }

    /// The error of an error event.
    func kafkaError() -> KafkaError {
        let position = errorPosition
        return KafkaError(
            KafkaError.Code(errorCode), errorText, isFatal: isFatal, topic: position?.topicPartition.topic,
            partition: position?.topicPartition.partition)
    }
}
