/// What the bridge has done and is doing, read at one moment.
public struct BridgeMetrics: Sendable {
    /// A kind of result: resolved or failed, and where it came from.
    public struct ResultKind: Hashable, Sendable {
        /// Why it failed; `nil` for what was resolved.
        public var reason: FailureReason?
        /// Where it came from.
        public var source: LookupSource
    }

    /// Requests taken from the topics.
    public internal(set) var requests = 0
    /// Results handed to the producer.
    public internal(set) var results: [ResultKind: Int] = [:]
    /// Results that the brokers acknowledged.
    public internal(set) var acknowledged = 0
    /// Calls to the API by HTTP status; `nil` for those without an answer.
    public internal(set) var apiCalls: [Int?: Int] = [:]
    /// Commits of offsets that succeeded and failed.
    public internal(set) var commits = (succeeded: 0, failed: 0)
    /// Flights of any state: ready, calling, waiting for another attempt.
    public internal(set) var inFlight = 0
    /// Bytes of requests that wait for an answer.
    public internal(set) var heldBytes = 0
    /// Documents in the cache.
    public internal(set) var cacheEntries = 0
    /// Bytes that the cache takes, its overhead included.
    public internal(set) var cacheBytes = 0
    /// Whether a 429 keeps all calls waiting.
    public internal(set) var isGateClosed = false
    /// Whether calls wait because most of them failed.
    public internal(set) var isBreakerOpen = false
    /// Whether the API takes the credentials, as far as is known.
    public internal(set) var areCredentialsAccepted = true
    /// What the API last said of its rate limit: calls in a window, and those that are left; `nil` where it says nothing.
    public internal(set) var rateLimit: (limit: Int?, remaining: Int?) = (nil, nil)
}
