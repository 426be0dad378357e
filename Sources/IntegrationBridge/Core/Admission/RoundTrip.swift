/// How long calls take, and how much that varies: slow averages.
struct RoundTrip: Sendable {
    private(set) var mean = 0.0
    private(set) var deviation = 0.0
    private var count = 0.0

    mutating func note(_ seconds: Double) {
        count = min(count + 1, 64)
        mean += (seconds - mean) / count
        deviation += (abs(seconds - mean) - deviation) / count
    }
}
