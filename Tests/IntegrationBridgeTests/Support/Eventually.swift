import Testing

/// Waits until a condition holds, for 30 s at most.
func eventually(_ what: String, _ condition: () async -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(30)
    while await !condition() {
        try #require(ContinuousClock.now < deadline, "waiting for \(what)")
        await Task.yield()
    }
}
