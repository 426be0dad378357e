/// Why no whole HTTP response was had.
public struct HTTPTransportError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, as a value to compare with.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private let name: String
        /// The attempt's time was up.
        public static let timeout = Code(name: "timeout")
        /// The host's name did not resolve.
        public static let nameResolution = Code(name: "name_resolution")
        /// No connection: refused, unreachable, a proxy that says no.
        public static let connect = Code(name: "connect")
        /// The connection ended before the response was whole.
        public static let connectionLost = Code(name: "connection_lost")
        /// TLS failed: an untrusted certificate, a CA file that cannot be read.
        public static let tls = Code(name: "tls")
        /// The body is larger than the request allowed.
        public static let bodyTooLarge = Code(name: "body_too_large")
        /// The response breaks HTTP, or its content encoding is broken.
        public static let invalidResponse = Code(name: "invalid_response")
        /// The request or the configuration cannot be used.
        public static let invalidRequest = Code(name: "invalid_request")
        /// The calling task was cancelled.
        public static let cancelled = Code(name: "cancelled")
        /// The transport is shut down.
        public static let shutDown = Code(name: "shut_down")

        /// The code's stable name.
        public var description: String { name }
    }

    /// What went wrong.
    public let code: Code
    /// What went wrong, with the host that it concerns, and what to do; never holds credentials.
    public let message: String
    /// Status and fields of a response whose body did not come whole, without the body; nil where no response had begun.
    public let head: HTTPResponse?
    /// Whether the same request may succeed later.
    public var isRetriable: Bool {
        switch code {
        case .timeout, .nameResolution, .connect, .connectionLost, .tls, .invalidResponse, .bodyTooLarge: true
        default: false
        }
    }
    /// Code and message.
    public var description: String { "\(code): \(message)" }

    /// Creates an error; for transports and test doubles.
    public init(code: Code, message: String, head: HTTPResponse? = nil) {
        self.code = code
        self.message = message
        self.head = head
    }
}
