/// How a client calls the API.
public struct ClientConfiguration: Sendable {
    /// Scheme, host and port, and perhaps a path in front, as the transport has them; redirects must stay there.
    public var baseURL: String
    /// Asked for before each call, so that a secret may change while the client runs; it must be quick.
    public var credentials: @Sendable () -> Credentials
    /// The time for one attempt, connecting included. Default: 10 s.
    public var attemptTimeout = Duration.seconds(10)
    /// The largest body in bytes that is read. Default: 1 MiB.
    public var maximumBodySize = 1024 * 1024

    /// Creates a configuration with credentials that stay.
    public init(baseURL: String, credentials: Credentials) {
        self.init(baseURL: baseURL) { credentials }
    }

    /// Creates a configuration with credentials that may change.
    public init(baseURL: String, credentials: @escaping @Sendable () -> Credentials) {
        self.baseURL = baseURL
        self.credentials = credentials
    }

    /// The response fields that a client reads: a transport must keep them.
    public static let neededHeaders = [
        "x-request-id", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "retry-after", "location",
    ]
}
