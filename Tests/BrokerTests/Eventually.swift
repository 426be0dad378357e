/// Looks every 20 ms whether something has come about.
func eventually(within time: Duration, _ isTrue: @Sendable () async throws -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + time
    while ContinuousClock.now < deadline {
        if try await isTrue() { return true }
        try await Task.sleep(for: .milliseconds(20))
    }
    return try await isTrue()
}
