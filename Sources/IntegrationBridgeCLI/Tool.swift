internal import BridgeConfigurationFile
internal import IntegrationBridge
internal import RDKafka

/// Reads the command line, runs the command, and turns whatever it throws into a message and an exit code.
struct Tool: Sendable {
    let context: CommandContext

    func run(_ arguments: [String]) async -> ExitCode {
        let invocation: Invocation
        do throws(UsageError) {
            invocation = try ArgumentParser.parse(arguments)
        } catch {
            return report(error)
        }
        do {
            return try await command(for: invocation).run(context)
        } catch let error as UsageError {
            return report(error)
        } catch {
            context.errors.write("integration-bridge: \(ErrorText.text(of: error))\n")
            return ExitCode(error)
        }
    }

    private func command(for invocation: Invocation) -> any Command {
        switch invocation.command {
        case .run: RunCommand(invocation: invocation)
        case .lookup: LookupCommand(invocation: invocation)
        case .send: SendCommand(invocation: invocation)
        case .check: CheckCommand(invocation: invocation)
        case .demo: DemoCommand(invocation: invocation)
        case .simulateAPI: SimulateAPICommand(invocation: invocation)
        case .help: HelpCommand(invocation: invocation)
        case .version: VersionCommand()
        }
    }

    private func report(_ error: UsageError) -> ExitCode {
        let help = error.command.map { "help \($0.rawValue)" } ?? "help"
        context.errors.write("integration-bridge: \(error.message)\nSee 'integration-bridge \(help)'.\n")
        return .usage
    }
}
