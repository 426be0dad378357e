internal import IntegrationBridge
internal import RDKafka

/// `version`, `--version`.
struct VersionCommand: Command {
    func run(_ context: CommandContext) async throws -> ExitCode {
        context.output.write("integration-bridge \(Bridge.version) (librdkafka \(LibRDKafka.version))\n")
        return .success
    }
}
