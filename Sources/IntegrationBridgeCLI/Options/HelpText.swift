internal import IntegrationBridge

/// The help, as text.
enum HelpText {
    static var overview: String {
        let width = CommandName.allCases.map(\.rawValue.count).max() ?? 0
        let commands = CommandSpec.all.map { "  \(padded($0.name.rawValue, width))  \($0.summary)" }
        return """
            integration-bridge \(Bridge.version): resolves integration ids from Kafka through the Notifications API.

            Usage: integration-bridge COMMAND [OPTIONS]

            Commands:
            \(commands.joined(separator: "\n"))

            'integration-bridge help COMMAND' says more about one of them. To see it work: integration-bridge demo

            The configuration is a YAML file (--config, config/bridge.yaml unless told otherwise); each key can be set by
            an environment variable too: kafka.bootstrapServers by INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS.

            Exit codes: 0 done, 64 wrong usage, 69 a needed service is unavailable, 70 internal or fatal,
            77 not authorized, 78 configuration. Results go to stdout, messages and the log to stderr.

            """
    }

    static func of(_ spec: CommandSpec) -> String {
        var usage = "Usage: integration-bridge \(spec.name.rawValue)"
        if !spec.operands.isEmpty { usage += " \(spec.operands)" }
        usage += " [OPTIONS]"
        let names = spec.allOptions.map { option in option.placeholder.map { "\(option.name) \($0)" } ?? option.name }
        let width = names.map(\.count).max() ?? 0
        let options = zip(names, spec.allOptions).map { "  \(padded($0, width))  \($1.summary)" }
        var text = "\(spec.summary)\n\n\(usage)\n\nOptions:\n\(options.joined(separator: "\n"))\n"
        if !spec.details.isEmpty { text += "\n\(spec.details)\n" }
        return text
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
