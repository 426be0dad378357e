internal import CLibRDKafka

extension KafkaError {
    /// What kind of error it is: Kafka's own codes, and (negative) those of the client library.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The number, as in Kafka's protocol where it is not negative.
        public let number: Int32

        /// From the number in Kafka's protocol.
        public init(number: Int32) {
            self.number = number
        }

        init(_ error: rd_kafka_resp_err_t) {
            number = error.rawValue
        }

        var native: rd_kafka_resp_err_t { rd_kafka_resp_err_t(rawValue: number) }

        /// The name as Kafka's documentation has it, such as `UNKNOWN_TOPIC_OR_PART`.
        public var name: String { String(cString: rd_kafka_err2name(native)) }

        /// The same as `name`.
        public var description: String { name }

        /// No error.
        static let none = Code(RD_KAFKA_RESP_ERR_NO_ERROR)
        /// The topic or partition does not exist.
        public static let unknownTopicOrPartition = Code(RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        /// The client library knows no such partition.
        public static let unknownPartition = Code(RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION)
        /// The client library knows no such topic.
        public static let unknownTopic = Code(RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC)
        /// The topic exists already.
        public static let topicAlreadyExists = Code(RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
        /// The principal may not do this on the topic.
        public static let topicAuthorizationFailed = Code(RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED)
        /// The principal may not use the group.
        public static let groupAuthorizationFailed = Code(RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED)
        /// The principal may not do this on the cluster.
        public static let clusterAuthorizationFailed = Code(RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED)
        /// The broker refused the credentials.
        public static let authentication = Code(RD_KAFKA_RESP_ERR__AUTHENTICATION)
        /// A TLS failure: a certificate, a handshake, a file.
        public static let tls = Code(RD_KAFKA_RESP_ERR__SSL)
        /// A connection failed or was closed.
        public static let transport = Code(RD_KAFKA_RESP_ERR__TRANSPORT)
        /// No broker's name resolves.
        public static let resolve = Code(RD_KAFKA_RESP_ERR__RESOLVE)
        /// No broker is reachable at the moment.
        public static let allBrokersDown = Code(RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN)
        /// No answer in time.
        public static let timedOut = Code(RD_KAFKA_RESP_ERR__TIMED_OUT)
        /// A record was not delivered in `message.timeout.ms`.
        public static let messageTimedOut = Code(RD_KAFKA_RESP_ERR__MSG_TIMED_OUT)
        /// The producer's queue is full: try again when deliveries were reported.
        public static let queueFull = Code(RD_KAFKA_RESP_ERR__QUEUE_FULL)
        /// The record is larger than what the client or the broker takes.
        public static let messageTooLarge = Code(RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        /// The broker does not take this record: a compacted topic wants a key, say.
        public static let invalidRecord = Code(RD_KAFKA_RESP_ERR_INVALID_RECORD)
        /// The broker does not take the record's timestamp.
        public static let invalidTimestamp = Code(RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP)
        /// A policy of the brokers forbids it.
        public static let policyViolation = Code(RD_KAFKA_RESP_ERR_POLICY_VIOLATION)
        /// The record was purged from the queue before it was sent.
        public static let purgedFromQueue = Code(RD_KAFKA_RESP_ERR__PURGE_QUEUE)
        /// The record was purged while it was in flight: it may or may not be written.
        public static let purgedInFlight = Code(RD_KAFKA_RESP_ERR__PURGE_INFLIGHT)
        /// An argument or a property is not valid.
        public static let invalidArgument = Code(RD_KAFKA_RESP_ERR__INVALID_ARG)
        /// The client was closed.
        public static let closed = Code(RD_KAFKA_RESP_ERR__DESTROY)
        /// A position is outside what the partition holds, or there is none.
        public static let offsetOutOfRange = Code(RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET)
        /// The group has no committed offset for a partition.
        public static let noOffset = Code(RD_KAFKA_RESP_ERR__NO_OFFSET)
        /// The partition is not assigned to this consumer (any more).
        public static let notAssigned = Code(RD_KAFKA_RESP_ERR__STATE)
        /// The group rebalances.
        public static let rebalanceInProgress = Code(RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS)
        /// The commit came from an older generation of the group.
        public static let illegalGeneration = Code(RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION)
        /// The group does not know this member (any more).
        public static let unknownMember = Code(RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID)
        /// Another member has the same `group.instance.id`.
        public static let fencedInstance = Code(RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID)
        /// The application polled too rarely and lost its membership.
        public static let maxPollExceeded = Code(RD_KAFKA_RESP_ERR__MAX_POLL_EXCEEDED)
        /// Other members of the group use another assignor.
        public static let inconsistentGroupProtocol = Code(RD_KAFKA_RESP_ERR_INCONSISTENT_GROUP_PROTOCOL)
        /// The broker does not allow this session timeout.
        public static let invalidSessionTimeout = Code(RD_KAFKA_RESP_ERR_INVALID_SESSION_TIMEOUT)
        /// Another producer has the same transactional id, or the broker has ended the transaction: see `isFenced`.
        public static let fenced = Code(RD_KAFKA_RESP_ERR__FENCED)
        /// The same, as brokers say it.
        public static let producerFenced = Code(RD_KAFKA_RESP_ERR_PRODUCER_FENCED)
        /// The same, as brokers say it.
        public static let invalidProducerEpoch = Code(RD_KAFKA_RESP_ERR_INVALID_PRODUCER_EPOCH)
        /// The coordinator knows of no such transaction.
        public static let invalidTransactionState = Code(RD_KAFKA_RESP_ERR_INVALID_TXN_STATE)
        /// The broker does not allow this transaction timeout.
        public static let invalidTransactionTimeout = Code(RD_KAFKA_RESP_ERR_INVALID_TRANSACTION_TIMEOUT)
        /// The principal may not use the transactional id.
        public static let transactionalIDAuthorizationFailed = Code(
            RD_KAFKA_RESP_ERR_TRANSACTIONAL_ID_AUTHORIZATION_FAILED)
        /// The coordinator still completes the transaction before.
        public static let concurrentTransactions = Code(RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS)
        /// A transaction that is open holds back a committed offset.
        public static let unstableOffset = Code(RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT)
        /// The coordinator is not ready yet.
        public static let coordinatorLoading = Code(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS)
        /// Records of the transaction were not delivered.
        public static let inconsistent = Code(RD_KAFKA_RESP_ERR__INCONSISTENT)
        /// A call that is not possible in the transaction's state; the same number as `notAssigned`.
        public static let outOfOrder = Code(RD_KAFKA_RESP_ERR__STATE)
        /// The producer has no transactional id.
        public static let notConfigured = Code(RD_KAFKA_RESP_ERR__NOT_CONFIGURED)
        /// The client library met a fatal error earlier.
        public static let fatal = Code(RD_KAFKA_RESP_ERR__FATAL)
        /// A failure inside the client.
        public static let failed = Code(RD_KAFKA_RESP_ERR__FAIL)

        /// Whether the condition passes by itself as a rule. What is unknown is not.
        var isTransient: Bool { Self.transient.contains(self) }

        private static let transient: Set<Code> = [
            .transport, .resolve, .allBrokersDown, .timedOut, .queueFull, .rebalanceInProgress,
            Code(RD_KAFKA_RESP_ERR__WAIT_COORD), Code(RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE),
            Code(RD_KAFKA_RESP_ERR__IN_PROGRESS), Code(RD_KAFKA_RESP_ERR__PREV_IN_PROGRESS),
            Code(RD_KAFKA_RESP_ERR__RETRY), Code(RD_KAFKA_RESP_ERR_COORDINATOR_LOAD_IN_PROGRESS),
            Code(RD_KAFKA_RESP_ERR_COORDINATOR_NOT_AVAILABLE), Code(RD_KAFKA_RESP_ERR_NOT_COORDINATOR),
            Code(RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE), Code(RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION),
            Code(RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT), Code(RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE),
            Code(RD_KAFKA_RESP_ERR_REPLICA_NOT_AVAILABLE), Code(RD_KAFKA_RESP_ERR_NETWORK_EXCEPTION),
            Code(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS), Code(RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS_AFTER_APPEND),
            Code(RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE), Code(RD_KAFKA_RESP_ERR_UNSTABLE_OFFSET_COMMIT),
            Code(RD_KAFKA_RESP_ERR_KAFKA_STORAGE_ERROR), Code(RD_KAFKA_RESP_ERR_FENCED_LEADER_EPOCH),
            Code(RD_KAFKA_RESP_ERR_UNKNOWN_LEADER_EPOCH), Code(RD_KAFKA_RESP_ERR_NOT_CONTROLLER),
            Code(RD_KAFKA_RESP_ERR_THROTTLING_QUOTA_EXCEEDED), Code(RD_KAFKA_RESP_ERR_CONCURRENT_TRANSACTIONS),
        ]
    }
}
