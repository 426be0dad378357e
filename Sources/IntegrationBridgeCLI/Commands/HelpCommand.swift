/// `help [COMMAND]`.
struct HelpCommand: Command {
    let invocation: Invocation

    func run(_ context: CommandContext) async throws -> ExitCode {
        guard let name = invocation.operands.first else {
            context.output.write(HelpText.overview)
            return .success
        }
        guard let command = CommandName(rawValue: name) else { throw ArgumentParser.unknown(command: name) }
        context.output.write(HelpText.of(CommandSpec.of(command)))
        return .success
    }
}
