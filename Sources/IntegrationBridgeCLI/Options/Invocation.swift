/// A command line that was understood: the command, its options and its operands.
struct Invocation: Sendable, Equatable {
    var command: CommandName
    /// By the option's name; a flag has an empty value.
    var values: [String: [String]] = [:]
    var operands: [String] = []

    func has(_ option: String) -> Bool { values[option] != nil }
    func value(of option: String) -> String? { values[option]?.last }
    func values(of option: String) -> [String] { values[option] ?? [] }
}
