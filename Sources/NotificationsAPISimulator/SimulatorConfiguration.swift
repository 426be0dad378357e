/// How the simulated API behaves.
public struct SimulatorConfiguration: Sendable {
    /// The IPv4 address to listen on. Default: 127.0.0.1.
    public var host = "127.0.0.1"
    /// The port; 0 (default) for any free one.
    public var port = 0
    /// What Basic authentication must say. Default: nothing is checked.
    public var credentials: (key: String, secret: String)?
    /// Whether calls need a token that was exchanged here and lives; where ``credentials`` are set, these do too.
    /// Default: no.
    public var requiresTokens = false
    /// How long a token lives at most, in whole seconds. Default: 900 s.
    public var tokenLifetime = Duration.seconds(900)
    /// The only subject token that is exchanged. Default: any is.
    public var subjectToken: String?
    /// How long every answer takes. Default: no time.
    public var latency = Duration.zero
    /// The rate limit. Default: 1,000,000 calls in 60 s.
    public var rateLimit = RateLimit(limit: 1_000_000, window: .seconds(60))
    /// How many integrations the listing has. Default: 1,000.
    public var listedCount = 1000
    /// Whether calls are counted for each id, which takes memory for each. Default: no.
    public var countsEachID = false
    /// Whether calls are counted for each caller, which an id names before its first `.`: `a.int-1`. Default: no.
    public var countsEachCaller = false

    /// The defaults.
    public init() {}
}
