/// How long the first record that waits to be sent gives others to come.
///
/// Where nobody has said how long, it is what Kafka's own producers take (KIP-1030), and that only while many come meanwhile:
/// a batch costs the library and the broker as much as some records, and where few come each would wait for nothing.
struct Linger {
    typealias Instant = ContinuousClock.Instant

    /// While many come.
    static let usual: Duration = .milliseconds(5)
    /// So many are many, within ``usual``: 12,000 a second.
    static let many = 60

    /// What was asked for.
    private let fixed: Duration?
    /// When records were sent last.
    private var last: Instant?
    /// Those were many in their time.
    private var wereMany = false

    /// - Parameter fixed: always so long; zero is not at all, `nil` as the records come.
    init(_ fixed: Duration?) {
        self.fixed = fixed
    }

    /// Until when the first record waits.
    ///
    /// - Parameter now: asked only where it matters.
    /// - Returns: `nil` where it does not wait.
    func end(_ now: () -> Instant) -> Instant? {
        if let fixed { return fixed > .zero ? now().advanced(by: fixed) : nil }
        guard wereMany, let last else { return nil }
        let now = now()
        // What came a while ago says nothing of what comes.
        return last.duration(to: now) <= Self.usual ? now.advanced(by: Self.usual) : nil
    }

    /// So many records are sent, which have come since the last ones were.
    mutating func sent(_ count: Int, at now: Instant) {
        guard fixed == nil else { return }
        wereMany = last.map { $0.duration(to: now) * Self.many <= Self.usual * count } ?? false
        last = now
    }
}
