/// One HTTP request below a transport's base URL.
public struct HTTPRequest: Sendable {
    /// The method; GET unless told otherwise.
    public var method: HTTPMethod
    /// Path and query, percent-encoded by the caller, starting with a slash: `/notifications/v1/integrations/i-1`.
    public var target: String
    /// Header fields, prepared once and shared by many requests.
    public var headers: HTTPRequestHeaders
    /// The body of a POST.
    public var body: [UInt8]?
    /// The time that this one attempt may take, connecting included.
    public var timeout: Duration
    /// The largest body in bytes that is accepted; a longer one fails with ``HTTPTransportError/Code/bodyTooLarge``.
    public var maximumBodySize: Int

    /// Creates a request.
    public init(
        method: HTTPMethod = .get, target: String, headers: HTTPRequestHeaders, body: [UInt8]? = nil,
        timeout: Duration, maximumBodySize: Int
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumBodySize = maximumBodySize
    }
}
