/// What the cache has for an id.
enum CacheHit<Value: Sendable>: Sendable {
    /// Nothing that may be used.
    case miss
    case fresh(Value)
    /// Past its time: it may be used if a refresh is started, or is under way.
    case revalidate(Value)
    /// Past its time: it may be used only where the API fails to answer.
    case onlyIfError(Value)
}
