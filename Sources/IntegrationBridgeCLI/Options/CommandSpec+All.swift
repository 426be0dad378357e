extension CommandSpec {
    /// Every command, in the order of the help.
    static let all = [run, lookup, send, check, demo, simulateAPI, help, version]

    /// The one of this name.
    static func of(_ name: CommandName) -> CommandSpec {
        all.first { $0.name == name } ?? help
    }

    private static let run = CommandSpec(
        name: .run, summary: "Run the bridge until it is told to stop.", options: [.config],
        details: """
            Takes lookup requests from Kafka, resolves each through the Notifications API, and produces the results.
            The log goes to stderr, as log.level and log.format say.

            SIGTERM and SIGINT end it in order: calls under way finish, results are flushed, offsets committed, within
            shutdown.gracePeriod. A second signal ends it at once; what was not committed is read again.
            """)

    private static let lookup = CommandSpec(
        name: .lookup, summary: "Ask the API for integrations, without Kafka.", operands: "ID...",
        operandCount: 1...Int.max,
        options: [
            .config,
            OptionSpec(name: "--raw", summary: "Print each document's bytes exactly as the API gave them."),
        ],
        details: """
            Prints each document on stdout: over several lines on a terminal, one line each in a pipe. Failures go to
            stderr. An attempt that may succeed later is repeated as lookup.maxAttempts, lookup.backoff and
            lookup.retryFor say; a rate limit is waited for within lookup.retryFor.

            Exit code: 0 when every id was resolved; else 77 when the API refused the credentials, 69 when it could not
            be reached, failed or limited the rate, 70 when an id was not found, forbidden or not valid.
            """)

    private static let send = CommandSpec(
        name: .send, summary: "Put lookup requests on the requests topic.", operands: "ID... | --file FILE",
        operandCount: 0...Int.max,
        options: [
            .config,
            OptionSpec(
                name: "--file", placeholder: "FILE",
                summary:
                    "Read requests from a file, one a line: an id, or a JSON object, which is sent as it is; - is stdin."
            ),
            OptionSpec(
                name: "--key", placeholder: "KEY", summary: "The key of every request; none unless told otherwise."),
            OptionSpec(
                name: "--header", placeholder: "NAME=VALUE", summary: "A header of every request; may be repeated.",
                repeats: true),
        ],
        details: """
            Sends {"integration_id":"ID"} for each id to the first of requests.topics, and ends when the brokers have
            acknowledged all of them. Empty lines are skipped. The file is read as it is sent, so it may be of any size;
            at the first line that is neither an id nor a JSON object it stops, and says which line and how many
            requests were sent before it (64).
            """)

    private static let check = CommandSpec(
        name: .check, summary: "Say whether configuration, Kafka and the API are fit for use.", options: [.config],
        details: """
            Prints a line for each thing that is needed: ok, or what to do. Nothing is written, and the group is not
            joined, so it can be run beside a live bridge. It ends within a minute when nothing answers.

            Exit code: 0, or the highest of 69 (a broker, topic or the API is missing), 77 (refused) and
            78 (configuration).
            """)

    private static let demo = CommandSpec(
        name: .demo, summary: "See it work: Kafka, API and bridge in this one process.",
        options: [
            OptionSpec(
                name: "--config", placeholder: "FILE",
                summary: "Take lookup.*, cache.* and breaker.* from this file; the defaults unless told otherwise."),
            OptionSpec(
                name: "--requests", placeholder: "N",
                summary: "How many requests, 50 to 50000; 5000 unless told otherwise."),
            OptionSpec(name: "--keep-running", summary: "Stay afterwards, for trying things out, until Ctrl-C."),
        ],
        details: """
            Starts an embedded Kafka and a simulated API, sends requests of every kind, good and bad, waits until each
            has its result, and sums up what came out. It needs no configuration and touches nothing outside.
            """)

    private static let simulateAPI = CommandSpec(
        name: .simulateAPI, summary: "Serve a stand-in for the Notifications API, with faults to order.",
        options: [
            OptionSpec(
                name: "--config", placeholder: "FILE",
                summary: "Accept only the API key of this file, where it has one; any unless told otherwise."),
            OptionSpec(
                name: "--host", placeholder: "ADDRESS",
                summary: "The address to listen on; 127.0.0.1 unless told otherwise."),
            OptionSpec(
                name: "--port", placeholder: "PORT",
                summary: "The port; 8081 unless told otherwise, 0 for any free one."),
            OptionSpec(
                name: "--credentials", placeholder: "KEY:SECRET",
                summary: "The only API key that is accepted; any is unless told otherwise."),
            OptionSpec(
                name: "--latency", placeholder: "DURATION",
                summary: "How long each answer takes, such as 20ms; 0s unless told otherwise."),
            OptionSpec(
                name: "--rate-limit", placeholder: "N/DURATION",
                summary: "How many calls a window of time permits, such as 300/10s; more get 429."),
            OptionSpec(
                name: "--rate-limit-kind", placeholder: "KIND",
                summary: "How they are counted: window (fixed), sliding or bucket; window unless told otherwise."),
            OptionSpec(
                name: "--concurrency-limit", placeholder: "N",
                summary: "How many calls may be under way at once; more get 429. Any number unless told otherwise."),
            OptionSpec(
                name: "--require-tokens",
                summary: "Let in only calls with a token that was exchanged here, and still lives."),
            OptionSpec(
                name: "--token-lifetime", placeholder: "DURATION",
                summary: "How long such a token lives, in whole seconds; 15m unless told otherwise."),
            OptionSpec(
                name: "--count-callers",
                summary: "Count the calls of each caller, which an id names before its first dot: a.int-1."),
        ],
        details: """
            Any id resolves to a made-up Integration, always the same for the same id. Some ids order a fault:
            they are listed when it starts. It ends on SIGINT or SIGTERM, and prints what was asked for: one line of JSON,
            the last on stdout.
            """)

    private static let help = CommandSpec(
        name: .help, summary: "Show help, of a command where one is named.", operands: "[COMMAND]",
        operandCount: 0...1)

    private static let version = CommandSpec(
        name: .version, summary: "Show the version of this program and of librdkafka.")
}
