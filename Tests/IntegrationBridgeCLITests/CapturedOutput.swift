import Synchronization

@testable import IntegrationBridgeCLI

/// Keeps what is written.
final class CapturedOutput: TextOutput {
    let isTerminal: Bool
    private let bytes = Mutex<[UInt8]>([])

    init(isTerminal: Bool = false) {
        self.isTerminal = isTerminal
    }

    func write(_ bytes: [UInt8]) {
        self.bytes.withLock { $0 += bytes }
    }

    var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
}

/// Runs a command line in this process.
func runTool(
    _ arguments: [String], environment: [String: String] = [:]
) async -> (code: ExitCode, output: String, errors: String) {
    let output = CapturedOutput()
    let errors = CapturedOutput()
    let tool = Tool(context: CommandContext(environment: environment, output: output, errors: errors))
    let code = await tool.run(arguments)
    return (code, output.text, errors.text)
}
