/// A command that cannot go on, with what to say and how to end.
struct CommandFailure: Error, Equatable {
    var exitCode: ExitCode
    /// What went wrong and what to do.
    var message: String

    init(_ exitCode: ExitCode, _ message: String) {
        self.exitCode = exitCode
        self.message = message
    }
}
