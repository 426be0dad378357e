import Testing

/// Waits until a condition holds, for a minute at most.
func eventually(_ what: String, _ condition: () async -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(60)
    while await !condition() {
        try #require(ContinuousClock.now < deadline, "waiting for \(what)")
        try await Task.sleep(for: .milliseconds(2))
    }
}
