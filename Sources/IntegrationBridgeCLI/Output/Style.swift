/// Colours, on a terminal whose user has not asked for none (no-color.org).
struct Style: Sendable {
    var isColored: Bool

    init(isColored: Bool) {
        self.isColored = isColored
    }

    init(for output: any TextOutput, environment: [String: String]) {
        isColored =
            output.isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    func bold(_ text: String) -> String { wrapped(text, "1") }
    func dim(_ text: String) -> String { wrapped(text, "2") }
    func green(_ text: String) -> String { wrapped(text, "32") }
    func red(_ text: String) -> String { wrapped(text, "31") }
    func yellow(_ text: String) -> String { wrapped(text, "33") }

    private func wrapped(_ text: String, _ code: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
