internal import IntegrationBridge

/// `run`: the bridge as a service.
struct RunCommand: Command {
    let invocation: Invocation

    func run(_ context: CommandContext) async throws -> ExitCode {
        let configuration = try context.configuration(invocation)
        let log = LogWriter(configuration.log, output: context.errors)
        let bridge = try Bridge(configuration: configuration, log: log.eventLog)
        let watchdog = Watchdog(limit: configuration.shutdown.gracePeriod, log: log) { bridge.stage }
        bridge.onStopping { watchdog.arm() }
        let signals = StopSignals { number in
            log.log(.info, "A signal asks the bridge to stop", [("signal", "\(number)")])
            watchdog.arm()
            bridge.shutDown()
        }
        log.log(
            .info, "integration-bridge starts",
            [
                ("version", Bridge.version),
                ("brokers", configuration.kafka.bootstrapServers.joined(separator: ",")),
                ("requests", configuration.requests.topics.joined(separator: ",")),
                ("group", configuration.requests.groupID), ("integrations", configuration.integrations.topic),
                ("failures", configuration.failures.topic), ("api", configuration.api.baseURL),
            ])
        for key in BridgeConfiguration.keys where key.isYetToCome && key.isSet(in: configuration) {
            log.log(.warning, "A key is set that has no effect yet", [("key", key.name)])
        }
        let result = await end(of: bridge, log)
        await log.flush(timeout: .seconds(2))
        withExtendedLifetime(signals) {}
        return result
    }

    private func end(of bridge: Bridge, _ log: LogWriter) async -> ExitCode {
        do throws(BridgeError) {
            try await bridge.run()
            return .success
        } catch {
            log.log(
                .error, "The bridge cannot go on", [("code", "\(error.code)"), ("error", error.message)])
            return ExitCode(error)
        }
    }
}
