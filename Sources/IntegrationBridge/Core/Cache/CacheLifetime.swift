/// How long an entry of the cache may be used, and for what.
///
/// Both windows begin where freshness ends; when the longer one is over, the entry is gone.
struct CacheLifetime: Equatable, Sendable {
    /// How long it answers without a question.
    var fresh: Duration
    /// How long after that it may answer while one refresh runs.
    var revalidate: Duration
    /// How long after that it may answer where the API fails to.
    var ifError: Duration

    init(fresh: Duration, revalidate: Duration = .zero, ifError: Duration = .zero) {
        self.fresh = max(fresh, .zero)
        self.revalidate = max(revalidate, .zero)
        self.ifError = max(ifError, .zero)
    }

    /// Whether there is no time at all in which an entry could be used.
    var isEmpty: Bool { fresh == .zero && revalidate == .zero && ifError == .zero }

    /// The freshness of one entry: between nine tenths and all of what is set, so that what was stored together does not
    /// run out together.
    func freshUntil(from now: MonotonicInstant, using random: inout SplitMix64) -> MonotonicInstant {
        let latest = now + fresh
        // Nanoseconds, and not parts of a Duration: its arithmetic has 128 bits.
        let tenth = UInt64(clamping: now.nanoseconds(to: latest) / 10)
        return latest.moved(byNanoseconds: -Int64(random.next(upperBound: tenth + 1)))
    }
}
