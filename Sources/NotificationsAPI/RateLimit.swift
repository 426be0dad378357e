/// What the `X-RateLimit-*` header fields of an answer say.
public struct RateLimit: Hashable, Sendable {
    /// The requests that a window permits.
    public var limit: Int?
    /// The requests that are left in the window.
    public var remaining: Int?
    /// The time until the window ends, counted from the answer.
    public var reset: Duration?

    /// Creates the values.
    public init(limit: Int? = nil, remaining: Int? = nil, reset: Duration? = nil) {
        self.limit = limit
        self.remaining = remaining
        self.reset = reset
    }
}
