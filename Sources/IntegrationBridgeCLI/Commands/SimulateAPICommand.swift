internal import NotificationsAPISimulator

/// `simulate-api`: the stand-in for the API, for people and for docker-compose.
struct SimulateAPICommand: Command {
    let invocation: Invocation

    func run(_ context: CommandContext) async throws -> ExitCode {
        let configuration = try simulatorConfiguration()
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
        if let (limit, seconds) = try invocation.rateLimit("--rate-limit") {
            configuration.rateLimit = SimulatorConfiguration.RateLimit(limit: limit, window: .seconds(seconds))
        }
        return configuration
    }
}
