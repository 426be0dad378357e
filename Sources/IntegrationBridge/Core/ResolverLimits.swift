/// The bounds within which look-ups run.
struct ResolverLimits: Sendable {
    /// Calls under way at once, and flights that wait for one of them.
    var maxInFlight: Int
    /// Bytes of records that wait.
    var maxHeldBytes: Int
    var maxAttempts: Int
    /// From the first call on; time behind the door does not count.
    var retryFor: Duration
    var backoff: RetrySchedule
    /// Waits behind a closed door for which the answer gave no time.
    var doorBackoff: RetrySchedule
    var cacheMaxBytes: Int
    var cacheTTL: Duration
}
