/// Where text goes: a file descriptor, or a test's memory.
protocol TextOutput: Sendable {
    /// Whether a person is looking.
    var isTerminal: Bool { get }
    func write(_ bytes: [UInt8])
}

extension TextOutput {
    func write(_ text: String) { write(Array(text.utf8)) }
}
