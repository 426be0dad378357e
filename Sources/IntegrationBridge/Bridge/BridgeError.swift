/// Why a bridge could not start, or had to stop.
public struct BridgeError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is, as a value to compare with.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        /// The configuration cannot be used.
        public static let configuration = Code(name: "configuration")
        /// Kafka cannot be reached, or a topic does not exist.
        public static let unavailable = Code(name: "unavailable")
        /// Kafka refused the credentials, or the right to a topic or a group.
        public static let notAuthorized = Code(name: "not_authorized")
        /// The requests cannot be read on: an offset that the broker no longer has, or none where one is demanded.
        public static let offsetOutOfRange = Code(name: "offset_out_of_range")
        /// Kafka's client failed for good: start anew.
        public static let kafka = Code(name: "kafka")
        /// Told to stop, it could not finish or commit what was under way within `shutdown.gracePeriod`.
        public static let incompleteStop = Code(name: "incomplete_stop")
        /// `run()` was called twice.
        public static let alreadyRan = Code(name: "already_ran")

        /// The code's stable name.
        public var description: String { name }
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What went wrong, with the topic, group, file or key that it concerns, and what to do.
    public let message: String
    /// What caused it.
    public let cause: (any Error)?
    /// Whether a restart may help without a change by somebody.
    public var isRetriable: Bool { code == .unavailable || code == .kafka }
    /// Code and message.
    public var description: String { "\(code): \(message)" }

    init(code: Code, message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}
