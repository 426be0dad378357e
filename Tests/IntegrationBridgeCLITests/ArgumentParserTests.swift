import Testing

@testable import IntegrationBridgeCLI

@Suite("The command line is understood, or its mistake is named")
struct ArgumentParserTests {
    struct Good: Sendable {
        var arguments: [String]
        var expected: Invocation
    }

    @Test(
        "Options may stand anywhere after the command, with = or a space, and -- ends them",
        arguments: [
            Good(arguments: [], expected: Invocation(command: .help)),
            Good(arguments: ["--help"], expected: Invocation(command: .help)),
            Good(arguments: ["-h"], expected: Invocation(command: .help)),
            Good(arguments: ["--version"], expected: Invocation(command: .version)),
            Good(arguments: ["run"], expected: Invocation(command: .run)),
            Good(
                arguments: ["run", "--config", "a.yaml"],
                expected: Invocation(command: .run, values: ["--config": ["a.yaml"]])),
            Good(
                arguments: ["run", "--config=a=b.yaml"],
                expected: Invocation(command: .run, values: ["--config": ["a=b.yaml"]])),
            Good(
                arguments: ["run", "--config", "--odd"],
                expected: Invocation(command: .run, values: ["--config": ["--odd"]])),
            Good(
                arguments: ["lookup", "i-1", "--raw", "i-2"],
                expected: Invocation(command: .lookup, values: ["--raw": [""]], operands: ["i-1", "i-2"])),
            Good(
                arguments: ["lookup", "--", "--raw", "--"],
                expected: Invocation(command: .lookup, operands: ["--raw", "--"])),
            Good(
                arguments: ["send", "--file", "-", "--header", "a=1", "--header=b=2"],
                expected: Invocation(command: .send, values: ["--file": ["-"], "--header": ["a=1", "b=2"]])),
            Good(arguments: ["send", "-h"], expected: Invocation(command: .help, operands: ["send"])),
            Good(arguments: ["lookup", "--help"], expected: Invocation(command: .help, operands: ["lookup"])),
            Good(arguments: ["help", "demo"], expected: Invocation(command: .help, operands: ["demo"])),
        ])
    func good(_ example: Good) throws {
        #expect(try ArgumentParser.parse(example.arguments) == example.expected)
    }

    struct Bad: Sendable {
        var arguments: [String]
        var message: String
    }

    @Test(
        "Each mistake is named, with the nearest name that exists",
        arguments: [
            Bad(arguments: ["rnu"], message: "there is no command 'rnu'; did you mean 'run'?"),
            Bad(
                arguments: ["simulate"], message: "there is no command 'simulate'; did you mean 'simulate-api'?"),
            Bad(arguments: ["quetzalcoatlus-northropi"], message: "there is no command 'quetzalcoatlus-northropi'"),
            Bad(
                arguments: ["replay", "--job", "x"],
                message: "the command 'replay' is not there yet; it comes with a later version"),
            Bad(
                arguments: ["--config", "a", "run"],
                message: "options come after the command; '--config' stands before one"),
            Bad(
                arguments: ["run", "--confg", "x"], message: "'run' has no option '--confg'; did you mean '--config'?"),
            Bad(arguments: ["send", "--fil=x"], message: "'send' has no option '--fil'; did you mean '--file'?"),
            Bad(arguments: ["run", "--config"], message: "--config needs a value: --config FILE"),
            Bad(arguments: ["run", "--config="], message: "--config needs a value: --config FILE"),
            Bad(arguments: ["run", "--config", "a", "--config", "b"], message: "--config is given twice"),
            Bad(arguments: ["lookup", "--raw=yes", "i"], message: "--raw takes no value"),
            Bad(arguments: ["lookup"], message: "'lookup' needs ID..."),
            Bad(arguments: ["run", "now"], message: "'run' takes no further argument, but got 'now'"),
            Bad(arguments: ["send"], message: "'send' needs ids, or --file FILE"),
            Bad(arguments: ["send", "i", "--file", "f"], message: "'send' takes either ids or --file FILE, not both"),
        ])
    func bad(_ example: Bad) {
        let error = #expect(throws: UsageError.self) { try ArgumentParser.parse(example.arguments) }
        #expect(error?.message == example.message)
    }

    @Test("Values are checked, and the message says what is taken without repeating a secret")
    func values() throws {
        func invocation(_ option: String, _ value: String) -> Invocation {
            Invocation(command: .demo, values: [option: [value]])
        }
        #expect(try invocation("--n", "50").integer("--n", in: 50...60, default: 55) == 50)
        #expect(try Invocation(command: .demo).integer("--n", in: 50...60, default: 55) == 55)
        for text in ["49", "61", "x", "5.5", "99999999999999999999"] {
            let error = #expect(throws: UsageError.self) {
                try invocation("--n", text).integer("--n", in: 50...60, default: 55)
            }
            #expect(error?.message == "--n takes a whole number from 50 to 60, not '\(text)'")
        }
        #expect(try invocation("--d", "20ms").duration("--d", default: .zero) == .milliseconds(20))
        #expect(throws: UsageError.self) { try invocation("--d", "20").duration("--d", default: .zero) }
        let limit = try #require(try invocation("--r", "100/60").rateLimit("--r"))
        #expect(limit == (100, .seconds(60)))
        #expect(try #require(try invocation("--r", "300/10s").rateLimit("--r")) == (300, .seconds(10)))
        #expect(try #require(try invocation("--r", "5/250ms").rateLimit("--r")) == (5, .milliseconds(250)))
        for text in ["100", "0/1", "1/0", "1/0s", "1/2/3", "a/b", "-1/2", "1/-2", "1/2w", "1/9223372036854775807"] {
            #expect(throws: UsageError.self) { try invocation("--r", text).rateLimit("--r") }
        }
        let credentials = try #require(try invocation("--c", "key:se:cret").credentials("--c"))
        #expect(credentials == ("key", "se:cret"))
        for text in ["hush", ":hush", "hush:"] {
            let error = #expect(throws: UsageError.self) { try invocation("--c", text).credentials("--c") }
            #expect(error?.message.contains("hush") == false)
        }
        let headers = try Invocation(command: .send, values: ["--h": ["a=1", "a=", "b=c=d"]]).headers("--h")
        #expect(headers.map(\.name) == ["a", "a", "b"])
        #expect(headers.map(\.value) == ["1", "", "c=d"])
        #expect(throws: UsageError.self) { try invocation("--h", "=x").headers("--h") }
    }

    @Test("Every command has help that names its options", arguments: CommandName.allCases)
    func help(_ name: CommandName) async {
        let (code, output, errors) = await runTool([name.rawValue, "--help"])
        #expect(code == .success)
        #expect(errors.isEmpty)
        #expect(output.hasPrefix(CommandSpec.of(name).summary))
        for option in CommandSpec.of(name).allOptions { #expect(output.contains(option.name)) }
        #expect(HelpText.overview.contains(CommandSpec.of(name).summary))
        #expect(output.split(separator: "\n").allSatisfy { $0.count <= 130 })
    }

    @Test("A mistake goes to stderr with 64 and says where the help is")
    func mistake() async {
        let (code, output, errors) = await runTool(["send", "--fil", "x"])
        #expect(code == .usage)
        #expect(output.isEmpty)
        #expect(errors.hasSuffix("See 'integration-bridge help send'.\n"))
    }
}
