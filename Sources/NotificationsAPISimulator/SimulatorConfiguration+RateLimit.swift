extension SimulatorConfiguration {
    /// How calls are limited, and how the API tells of it.
    public struct RateLimit: Sendable, Hashable {
        /// How the calls that are permitted are counted.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// So many in each window; the next window has the whole budget again. `Reset`: the time to the window's end.
            case fixedWindow = "window"
            /// So many in any stretch of time as long as a window. `Reset`: the time until the oldest of them is past it.
            case slidingWindow = "sliding"
            /// A bucket of so many tokens, which fills evenly within a window. `Reset`: the time until it is full again.
            case tokenBucket = "bucket"
        }

        /// What a 429 says of when to come back.
        public enum RetryAfter: Sendable, Hashable {
            /// Nothing.
            case none
            /// `Retry-After` in seconds.
            case seconds
            /// `Retry-After` as an HTTP date.
            case date
        }

        /// Calls in a window.
        public var limit: Int
        /// The window's length.
        public var window: Duration
        /// How calls are counted. Default: in fixed windows.
        public var kind: Kind
        /// How many calls may be under way at once: one more gets 429, which takes nothing of the budget and has no
        /// `Retry-After`. A call is under way until the time of its answer; one that never gets any is not counted.
        /// Default: any number.
        public var concurrency: Int?
        /// Whether answers have `X-RateLimit-*`. Default: yes.
        public var sendsHeaders: Bool
        /// What a 429 for the rate says of when to come back. Default: seconds.
        public var retryAfter: RetryAfter

        /// Creates a limit.
        public init(
            limit: Int, window: Duration, kind: Kind = .fixedWindow, concurrency: Int? = nil,
            sendsHeaders: Bool = true, retryAfter: RetryAfter = .seconds
        ) {
            self.limit = limit
            self.window = window
            self.kind = kind
            self.concurrency = concurrency
            self.sendsHeaders = sendsHeaders
            self.retryAfter = retryAfter
        }
    }
}
