/// Where a result came from: `lookup.source`.
public enum LookupSource: String, Sendable, CaseIterable {
    /// A call that this record started.
    case api
    /// The cache.
    case cache
    /// The cache, past its time.
    case stale
    /// A call that another record had started.
    case coalesced
    /// The cache, filled from the listing before a replay.
    case prewarm
}
