internal import CLibRDKafka

/// What went wrong in Kafka, in the client library, or in how they were asked.
///
/// The message names the topic, partition, group or property and says what to do; it never holds a secret.
public struct KafkaError: Error, Sendable, CustomStringConvertible {
    // One reference, so that an optional error is one word: delivery reports carry one for each record.
    private final class Storage: Sendable {
        let code: Code
        let message: String
        let isFatal: Bool
        let isRetriable: Bool
        let requiresAbort: Bool
        let topic: String?
        let partition: Int32?
        let cause: (any Error)?

        init(
            code: Code, message: String, isFatal: Bool, isRetriable: Bool, requiresAbort: Bool, topic: String?,
            partition: Int32?, cause: (any Error)?
        ) {
            self.code = code
            self.message = message
            self.isFatal = isFatal
            self.isRetriable = isRetriable
            self.requiresAbort = requiresAbort
            self.topic = topic
            self.partition = partition
            self.cause = cause
        }
    }

    private let storage: Storage

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: Kafka's or the client library's code.
    ///   - message: What happened, to which topic, group or file, and what to do.
    ///   - isFatal: Nothing further works on the client that gave it; build a new one.
    ///   - isRetriable: The same call may succeed later. By default what the code implies.
    ///   - requiresAbort: The current transaction must be aborted.
    ///   - topic: The topic, where known.
    ///   - partition: The partition, where known.
    ///   - cause: What this error comes from.
    public init(
        _ code: Code, _ message: String, isFatal: Bool = false, isRetriable: Bool? = nil, requiresAbort: Bool = false,
        topic: String? = nil, partition: Int32? = nil, cause: (any Error)? = nil
    ) {
        storage = Storage(
            code: code, message: message, isFatal: isFatal, isRetriable: isRetriable ?? (!isFatal && code.isTransient),
            requiresAbort: requiresAbort, topic: topic, partition: partition, cause: cause)
    }

    /// The kind of the error.
    public var code: Code { storage.code }
    /// The code's name as Kafka's documentation has it, such as `UNKNOWN_TOPIC_OR_PART`.
    public var name: String { storage.code.name }
    /// What happened, to what, and what to do.
    public var message: String { storage.message }
    /// Nothing further works on the client that gave this error: close it and build a new one.
    public var isFatal: Bool { storage.isFatal }
    /// The same call may succeed when it is made again.
    public var isRetriable: Bool { storage.isRetriable }
    /// The current transaction must be aborted before anything else.
    public var requiresAbort: Bool { storage.requiresAbort }
    /// The topic, where it is known.
    public var topic: String? { storage.topic }
    /// The partition, where it is known.
    public var partition: Int32? { storage.partition }
    /// The error that led to this one.
    public var cause: (any Error)? { storage.cause }

    /// The message and the code's name.
    public var description: String { "\(message) (\(name))" }
}

extension KafkaError {
    /// From a bare code: the library's own text stands behind what was being done.
    init(
        _ error: rd_kafka_resp_err_t, during action: String, isFatal: Bool = false, topic: String? = nil,
        partition: Int32? = nil
    ) {
        let code = Code(error)
        self.init(
            code, "\(action): \(String(cString: rd_kafka_err2str(error)))", isFatal: isFatal, topic: topic,
            partition: partition)
    }

    /// Takes over, and frees, the library's error object.
    init(consuming error: OpaquePointer, during action: String, topic: String? = nil) {
        self.init(
            Code(rd_kafka_error_code(error)), "\(action): \(String(cString: rd_kafka_error_string(error)))",
            isFatal: rd_kafka_error_is_fatal(error) != 0,
            isRetriable: rd_kafka_error_is_retriable(error) != 0 ? true : nil,
            requiresAbort: rd_kafka_error_txn_requires_abort(error) != 0, topic: topic)
        rd_kafka_error_destroy(error)
    }

    static func closed(_ what: String) -> KafkaError {
        KafkaError(.closed, "The \(what) is closed; nothing more can be asked of it.", isRetriable: false)
    }

    static func timedOut(_ action: String, after timeout: Duration) -> KafkaError {
        KafkaError(
            .timedOut,
            "\(action) was not answered within \(timeout). Are the brokers reachable? See the client's log lines.")
    }
}
