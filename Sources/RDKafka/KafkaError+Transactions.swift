internal import CLibRDKafka

extension KafkaError {
    /// What a transaction's owner does after an error of one of its calls.
    public enum TransactionRecovery: Sendable {
        /// Nothing is lost: make the same call again, with the same arguments, and no other before it has ended.
        case callAgain
        /// Nothing of the transaction will be seen: abort it, go back to the committed offsets, do the work again.
        case abort
        /// The producer is finished: close it, build a new one with the same id, go back to the committed offsets. Whether
        /// a commit that was under way has come into effect shows in them.
        case newProducer
    }

    /// What to do after an error of a transaction's call: the first that applies, as the library's documentation has it.
    public var transactionRecovery: TransactionRecovery {
        if requiresAbort { return .abort }
        return isRetriable && !isFatal ? .callAgain : .newProducer
    }

    /// Another producer has the same transactional id, or the broker has ended a transaction that was open for too long.
    /// Brokers answer both in the same way: it is another producer where the transaction was younger than its timeout.
    public var isFenced: Bool {
        [.fenced, .producerFenced, .invalidProducerEpoch].contains(code)
    }

    /// Takes over, and frees, the error of a transaction's call.
    init(consuming error: OpaquePointer, during call: TransactionCall, of producer: ProducerConfiguration) {
        let code = Code(rd_kafka_error_code(error))
        let requiresAbort = rd_kafka_error_txn_requires_abort(error) != 0
        // Another call of this producer must be resumed first, and the caller knows of none.
        let isConflict = code.native == RD_KAFKA_RESP_ERR__CONFLICT
        let isRetriable = rd_kafka_error_is_retriable(error) != 0 && !requiresAbort && !isConflict
        // Errors that are neither leave the library in a state that nothing leads out of.
        let isFatal = !requiresAbort && !isRetriable
        let id = producer.transactionalID ?? ""
        let text = String(cString: rd_kafka_error_string(error))
        rd_kafka_error_destroy(error)
        let advice = Self.advice(code, producer) ?? Self.advice(isRetriable: isRetriable, requiresAbort: requiresAbort)
        self.init(
            code, "\(call.action) of '\(id)': \(text). \(advice)", isFatal: isFatal, isRetriable: isRetriable,
            requiresAbort: requiresAbort)
    }

    private static func advice(_ code: Code, _ producer: ProducerConfiguration) -> String? {
        switch code {
        case .fenced, .producerFenced, .invalidProducerEpoch:
            """
            Another producer was started with this transactional id, or the transaction was open for longer than \
            \(producer.transactionTimeout) and the broker has ended it. Give each instance an id of its own; where none \
            shares it, build a new producer.
            """
        case .invalidTransactionTimeout:
            """
            The brokers allow no transaction timeout of \(producer.transactionTimeout): lower it, or raise their \
            transaction.max.timeout.ms.
            """
        case .transactionalIDAuthorizationFailed:
            "Grant this principal Describe and Write on the transactional id."
        case .topicAuthorizationFailed:
            "Grant this principal Write on the topics of its records, and Read on those whose offsets it commits."
        case .groupAuthorizationFailed: "Grant this principal Read on the group."
        case .illegalGeneration, .unknownMember, .fencedInstance:
            "The group has given the partitions to somebody else: abort the transaction, and drop its work."
        case .inconsistent: "Records of the transaction were not delivered: abort it, and do its work again."
        default: nil
        }
    }

    private static func advice(isRetriable: Bool, requiresAbort: Bool) -> String {
        if requiresAbort { return "Abort the transaction, and go back to the committed offsets." }
        return isRetriable
            ? "Make the same call again."
            : "Build a new producer, and go back to the committed offsets."
    }
}
