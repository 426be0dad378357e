/// One command, ready to run.
protocol Command: Sendable {
    /// Runs to its end.
    ///
    /// - Returns: the exit code of a run that needs no further message.
    func run(_ context: CommandContext) async throws -> ExitCode
}
