internal import Foundation
internal import Synchronization

/// The command line `integration-bridge`.
package enum IntegrationBridgeCLI {
    /// Runs the command that the process was started with, and ends the process with its exit code.
    @concurrent
    package static func run() async {
        // A reader that went away shows as an error of the write; it must not end the process.
        signal(SIGPIPE, SIG_IGN)
        let context = CommandContext(
            environment: ProcessInfo.processInfo.environment, output: FileOutput.standardOutput,
            errors: FileOutput.standardError)
        let code = await Tool(context: context).run(Array(CommandLine.arguments.dropFirst()))
        let failure = FileOutput.failure.load(ordering: .relaxed)
        if failure != 0 {
            context.errors.write(
                "integration-bridge: the results could not be written: \(String(cString: strerror(failure)))\n")
            _exit(code == .success ? ExitCode.failure.rawValue : code.rawValue)
        }
        // Not `exit`: threads of the Kafka client may still use what the C libraries clean up then.
        _exit(code.rawValue)
    }
}
