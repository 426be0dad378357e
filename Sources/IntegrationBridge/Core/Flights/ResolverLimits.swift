/// The bounds within which look-ups run.
struct ResolverLimits: Sendable {
    /// Calls under way at once, and flights that wait for one of them.
    var maxInFlight: Int
    /// Bytes of records that wait.
    var maxHeldBytes: Int
    var maxAttempts: Int
    /// From the first call on; time behind a closed door does not count.
    var retryFor: Duration
    var backoff: RetrySchedule
    /// A ceiling under what the API allows.
    var maxRequestsPerSecond: Double?
    /// Waits behind the gate and the credentials' door for which the answer gave no time.
    var doorBackoff: RetrySchedule
    var breaker: CircuitBreaker.Limits
    var cacheMaxBytes: Int
    /// How long a document may be served.
    var documentLifetime: CacheLifetime
    /// How long a 404 or 403 may be served.
    var failureLifetime: CacheLifetime
}
