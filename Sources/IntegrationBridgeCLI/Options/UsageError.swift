/// A command line that cannot be understood; exit code 64.
struct UsageError: Error, Equatable {
    /// What is wrong, and the nearest name that exists.
    var message: String
    /// The command whose help to look at.
    var command: CommandName?

    init(_ message: String, command: CommandName? = nil) {
        self.message = message
        self.command = command
    }
}
