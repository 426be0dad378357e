/// How a ``CURLTransport`` connects.
public struct CURLTransportConfiguration: Sendable {
    /// Scheme, host, port and an optional path prefix, with no slash at the end: `https://api.confluent.cloud`.
    public var baseURL: String
    /// A PEM file of certificate authorities that replaces the system's; nil: the system's.
    public var caFile: String?
    /// An HTTP proxy; nil: none. The environment's `http_proxy` and the like are never obeyed.
    public var proxyURL: String?
    /// The `User-Agent` of every request.
    public var userAgent: String
    /// The names, in lower case, of the response fields to keep.
    public var keptHeaders: [String]
    /// How many requests run at once, 1 or more; further ones wait in the transport's queue. 64 by default.
    public var maximumConnections: Int
    /// The time that connecting may take, within the request's own; 5 seconds by default.
    public var connectTimeout: Duration
    /// Whether compressed responses are asked for and decoded; false by default.
    public var acceptEncoding: Bool

    /// Creates a configuration.
    public init(
        baseURL: String, caFile: String? = nil, proxyURL: String? = nil, userAgent: String, keptHeaders: [String] = [],
        maximumConnections: Int = 64, connectTimeout: Duration = .seconds(5), acceptEncoding: Bool = false
    ) {
        self.baseURL = baseURL
        self.caFile = caFile
        self.proxyURL = proxyURL
        self.userAgent = userAgent
        self.keptHeaders = keptHeaders
        self.maximumConnections = maximumConnections
        self.connectTimeout = connectTimeout
        self.acceptEncoding = acceptEncoding
    }
}
