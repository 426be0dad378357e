/// The commands, in the order of the help.
enum CommandName: String, CaseIterable, Sendable {
    case run
    case lookup
    case send
    case check
    case demo
    case simulateAPI = "simulate-api"
    case help
    case version
}
