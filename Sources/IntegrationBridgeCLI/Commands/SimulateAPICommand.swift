internal import IntegrationBridge
internal import JSONText
internal import NotificationsAPISimulator

/// `simulate-api`: the stand-in for the API, for people and for docker-compose.
struct SimulateAPICommand: Command {
    let invocation: Invocation

    func run(_ context: CommandContext) async throws -> ExitCode {
        var configuration = try simulatorConfiguration()
        if invocation.value(of: "--config") != nil, configuration.credentials == nil {
            let api = try context.configuration(invocation).api
            if api.auth == .apiKey, let key = api.key, let secret = api.secret {
                configuration.credentials = (key, secret.reveal())
            }
        }
        // Before it listens: a signal in between must not end the process the hard way.
        let signals = StopSignals()
        let simulator: Simulator
        do {
            simulator = try Simulator(configuration)
        } catch {
            throw CommandFailure(.unavailable, "the simulated API does not start: \(error)")
        }
        context.output.write(
            """
            The simulated Notifications API listens on \(simulator.baseURL)
            Try: curl \(simulator.baseURL)/notifications/v1/integrations/i-12345

            \(Simulator.faultTable)
            Ctrl-C ends it.

            """)
        await signals.first()
        simulator.stop()
        context.output.write(simulator.counters.json.bytes + [UInt8(ascii: "\n")])
        return .success
    }

    private func simulatorConfiguration() throws(UsageError) -> SimulatorConfiguration {
        var configuration = SimulatorConfiguration()
        configuration.host = invocation.value(of: "--host") ?? "127.0.0.1"
        configuration.port = try invocation.integer("--port", in: 0...65_535, default: 8081)
        configuration.latency = try invocation.duration("--latency", default: .zero)
        if let credentials = try invocation.credentials("--credentials") {
            configuration.credentials = credentials
        }
        if let (limit, window) = try invocation.rateLimit("--rate-limit") {
            configuration.rateLimit = SimulatorConfiguration.RateLimit(limit: limit, window: window)
        }
        configuration.rateLimit.kind = try invocation.choice(
            "--rate-limit-kind", default: configuration.rateLimit.kind)
        if invocation.has("--concurrency-limit") {
            configuration.rateLimit.concurrency = try invocation.integer(
                "--concurrency-limit", in: 1...10_000, default: 1)
        }
        configuration.countsEachCaller = invocation.has("--count-callers")
        configuration.requiresTokens = invocation.has("--require-tokens")
        configuration.tokenLifetime = try invocation.duration(
            "--token-lifetime", default: configuration.tokenLifetime)
        guard configuration.tokenLifetime >= .seconds(1) else {
            throw UsageError("--token-lifetime takes at least 1s", command: invocation.command)
        }
        return configuration
    }
}
