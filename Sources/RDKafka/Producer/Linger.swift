/// How long the first record that waits to be sent gives others to come.
///
/// Where nobody has said how long, it is what Kafka's own producers take (KIP-1030), and that only while many come meanwhile:
/// a batch costs the library and the broker as much as some records, and where few come each would wait for nothing.
struct Linger {
    /// While many come.
    static let usual: Duration = .milliseconds(5)
    /// So many are many, within ``usual``: 12,000 a second.
    static let many = 60

    /// What was asked for.
    private let fixed: Duration?
    private var last: ContinuousClock.Instant?
    private var isBusy = false

    /// - Parameter fixed: always so long; zero is not at all, `nil` as the records come.
    init(_ fixed: Duration?) {
        self.fixed = fixed
    }

    /// For the first record that waits from now on.
    var duration: Duration { fixed ?? (isBusy ? Self.usual : .zero) }

    /// So many records are sent, which have come since the last ones were.
    mutating func sent(_ count: Int, at now: ContinuousClock.Instant) {
        guard fixed == nil else { return }
        isBusy = last.map { $0.duration(to: now) * Self.many <= Self.usual * count } ?? false
        last = now
    }
}
