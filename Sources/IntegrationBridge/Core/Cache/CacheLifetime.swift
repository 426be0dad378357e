/// How long an entry of the cache may be used, and for what.
///
/// Both windows begin where freshness ends; when the longer one is over, the entry is gone.
struct CacheLifetime: Equatable, Sendable {
    /// How long it answers without a question.
    let fresh: Duration
    /// How long after that it may answer while one refresh runs.
    let revalidate: Duration
    /// How long after that it may answer where the API fails to.
    let ifError: Duration
    // As each entry has them: a Duration's arithmetic has 128 bits.
    private let freshNanoseconds: Int64
    let revalidateMilliseconds: UInt32
    let ifErrorMilliseconds: UInt32

    init(fresh: Duration, revalidate: Duration = .zero, ifError: Duration = .zero) {
        self.fresh = max(fresh, .zero)
        self.revalidate = max(revalidate, .zero)
        self.ifError = max(ifError, .zero)
        freshNanoseconds = self.fresh.wholeNanoseconds
        revalidateMilliseconds = Self.milliseconds(self.revalidate)
        ifErrorMilliseconds = Self.milliseconds(self.ifError)
    }

    /// Rounded down, and never more than 49 days: a window is not longer than what was set.
    private static func milliseconds(_ duration: Duration) -> UInt32 {
        UInt32(clamping: duration.wholeNanoseconds / 1_000_000)
    }

    /// Whether there is no time at all in which an entry could be used.
    var isEmpty: Bool { fresh == .zero && revalidate == .zero && ifError == .zero }

    /// The freshness of one entry: between nine tenths and all of what is set, so that what was stored together does not
    /// run out together.
    func freshUntil(from now: MonotonicInstant, using random: inout SplitMix64) -> MonotonicInstant {
        let tenth = random.next(upperBound: UInt64(freshNanoseconds / 10) + 1)
        return now.moved(byNanoseconds: freshNanoseconds - Int64(tenth))
    }
}
