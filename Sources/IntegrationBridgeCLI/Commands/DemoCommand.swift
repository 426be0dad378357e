internal import IntegrationBridge
internal import NotificationsAPISimulator
internal import RDKafka

/// `demo`: Kafka, API and bridge in this one process.
struct DemoCommand: Command {
    let invocation: Invocation
    /// What the whole may take before it counts as failed.
    static let timeLimit = Duration.seconds(120)

    func run(_ context: CommandContext) async throws -> ExitCode {
        let count = try invocation.integer("--requests", in: 50...50_000, default: 5_000)
        let requests = DemoRequests.make(count)
        let world = try DemoWorld(
            settings: invocation.value(of: "--config") == nil ? nil : context.configuration(invocation))
        defer { world.simulator.stop() }
        context.output.write(
            "Embedded Kafka at \(world.cluster.bootstrapServers), simulated API at \(world.simulator.baseURL)\n"
                + "Sending \(NumberText.counted(count, "request")) of every kind to the topic \(DemoWorld.requestsTopic)\n"
        )
        let run = DemoRun(world: world, requests: requests, context: context)
        if invocation.has("--keep-running") {
            let signals = StopSignals()
            try await run.run { await signals.first() }
        } else {
            try await run.run()
        }
        return .success
    }
}
