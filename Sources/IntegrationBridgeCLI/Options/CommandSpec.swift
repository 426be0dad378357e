/// What a command takes and what its help says.
struct CommandSpec: Sendable {
    var name: CommandName
    /// One line for the list of commands.
    var summary: String
    /// Its operands as the usage line shows them.
    var operands = ""
    /// How many operands it takes.
    var operandCount: ClosedRange<Int> = 0...0
    var options: [OptionSpec] = []
    /// The paragraphs of its help.
    var details = ""

    /// Its options with those that every command has.
    var allOptions: [OptionSpec] { options + [.help] }
}
