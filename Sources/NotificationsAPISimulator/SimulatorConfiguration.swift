/// How the simulated API behaves.
public struct SimulatorConfiguration: Sendable {
    /// A rate limit over a fixed window, as the API tells of it in `X-RateLimit-*`.
    public struct RateLimit: Sendable, Hashable {
        /// Calls in a window.
        public var limit: Int
        /// The window's length.
        public var window: Duration

        /// Creates a limit.
        public init(limit: Int, window: Duration) {
            self.limit = limit
            self.window = window
        }
    }

    /// The IPv4 address to listen on. Default: 127.0.0.1.
    public var host = "127.0.0.1"
    /// The port; 0 (default) for any free one.
    public var port = 0
    /// What Basic authentication must say. Default: nothing is checked.
    public var credentials: (key: String, secret: String)?
    /// How long every answer takes. Default: no time.
    public var latency = Duration.zero
    /// The rate limit. Default: 1,000,000 calls in 60 s.
    public var rateLimit = RateLimit(limit: 1_000_000, window: .seconds(60))
    /// How many integrations the listing has. Default: 1,000.
    public var listedCount = 1000
    /// Whether calls are counted for each id, which takes memory for each. Default: no.
    public var countsEachID = false

    /// The defaults.
    public init() {}
}
