internal import BridgeConfigurationFile
internal import IntegrationBridge

/// `check`: a line for each thing that a run needs.
struct CheckCommand: Command {
    let invocation: Invocation

    func run(_ context: CommandContext) async throws -> ExitCode {
        let style = context.style
        var worst = ExitCode.success
        func report(_ line: CheckLine) {
            worst = max(worst, line.exitCode)
            context.output.write(line.text(style))
        }
        let configuration: BridgeConfiguration
        do throws(BridgeConfigurationError) {
            configuration = try context.configuration(invocation)
        } catch {
            report(
                CheckLine(verdict: .failed(.configuration), subject: "configuration", detail: error.description))
            report(.skipped("Kafka, Notifications API", "there is no configuration to use"))
            return worst
        }
        report(.ok("configuration", source(context)))
        await KafkaCheck(configuration).run(report)
        report(await APICheck(configuration).run())
        return worst
    }

    private func source(_ context: CommandContext) -> String {
        let variables = context.environment.keys.filter { $0.hasPrefix(ConfigurationKey.environmentPrefix) }.sorted()
        let file = context.configurationPath(invocation) ?? "no file"
        return variables.isEmpty ? file : "\(file), and \(variables.joined(separator: ", "))"
    }
}
