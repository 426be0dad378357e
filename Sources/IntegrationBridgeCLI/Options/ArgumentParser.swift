internal import IntegrationBridge

/// Understands a command line: `COMMAND [--option VALUE | --option=VALUE]... [OPERAND]...`, where `--` ends the options.
enum ArgumentParser {
    static func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        guard let first = arguments.first else { return Invocation(command: .help) }
        switch first {
        case "--help", "-h": return Invocation(command: .help)
        case "--version": return Invocation(command: .version)
        default: break
        }
        guard !first.hasPrefix("-") else {
            throw UsageError("options come after the command; '\(first)' stands before one")
        }
        guard let command = CommandName(rawValue: first) else { throw unknown(command: first) }
        return try parse(arguments.dropFirst(), of: CommandSpec.of(command))
    }

    /// The nearest command to a name, as an error.
    static func unknown(command name: String) -> UsageError {
        // Known to the documentation, so it deserves better than "unknown".
        if name == "replay" {
            return UsageError("the command 'replay' is not there yet; it comes with a later version")
        }
        let nearest = NearestName.of(name, among: CommandName.allCases.map(\.rawValue))
        return UsageError("there is no command '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""))
    }

    private static func parse(
        _ arguments: ArraySlice<String>, of spec: CommandSpec
    ) throws(UsageError) -> Invocation {
        var invocation = Invocation(command: spec.name)
        var rest = arguments
        var takesOptions = true
        while let argument = rest.popFirst() {
            if takesOptions, argument == "--" {
                takesOptions = false
            } else if takesOptions, argument.hasPrefix("-"), argument != "-" {
                try parseOption(argument == "-h" ? "--help" : argument, &rest, of: spec, into: &invocation)
            } else {
                invocation.operands.append(argument)
            }
        }
        if invocation.has("--help") { return Invocation(command: .help, operands: [spec.name.rawValue]) }
        try checkOperands(of: invocation, spec)
        return invocation
    }

    private static func parseOption(
        _ argument: String, _ rest: inout ArraySlice<String>, of spec: CommandSpec, into invocation: inout Invocation
    ) throws(UsageError) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[0]
        guard let option = spec.allOptions.first(where: { $0.name == name }) else {
            let nearest = NearestName.of(name, among: spec.allOptions.map(\.name))
            throw UsageError(
                "'\(spec.name.rawValue)' has no option '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? ""),
                command: spec.name)
        }
        guard option.repeats || !invocation.has(name) else {
            throw UsageError("\(name) is given twice", command: spec.name)
        }
        guard let placeholder = option.placeholder else {
            guard parts.count == 1 else { throw UsageError("\(name) takes no value", command: spec.name) }
            invocation.values[name] = [""]
            return
        }
        let value = parts.count == 2 ? parts[1] : rest.popFirst()
        guard let value, !value.isEmpty else {
            throw UsageError("\(name) needs a value: \(name) \(placeholder)", command: spec.name)
        }
        invocation.values[name, default: []].append(value)
    }

    private static func checkOperands(of invocation: Invocation, _ spec: CommandSpec) throws(UsageError) {
        if invocation.operands.count < spec.operandCount.lowerBound {
            throw UsageError("'\(spec.name.rawValue)' needs \(spec.operands)", command: spec.name)
        }
        if invocation.operands.count > spec.operandCount.upperBound {
            let surplus = invocation.operands[spec.operandCount.upperBound]
            throw UsageError(
                "'\(spec.name.rawValue)' takes no further argument, but got '\(surplus)'", command: spec.name)
        }
        if spec.name == .send, invocation.operands.isEmpty == !invocation.has("--file") {
            throw UsageError(
                invocation.operands.isEmpty
                    ? "'send' needs ids, or --file FILE" : "'send' takes either ids or --file FILE, not both",
                command: .send)
        }
    }
}
