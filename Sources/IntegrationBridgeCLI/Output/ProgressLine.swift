/// One line on a terminal that is written over as work goes on; nothing where nobody is looking.
///
/// For one task or thread at a time.
struct ProgressLine {
    private let output: any TextOutput
    private var lastDrawn: ContinuousClock.Instant?
    private var isShown = false
    private static let interval = Duration.milliseconds(100)

    init(_ output: any TextOutput) {
        self.output = output
    }

    /// Shows the text, at most ten times a second.
    mutating func update(_ text: @autoclosure () -> String, now: ContinuousClock.Instant = .now) {
        guard output.isTerminal else { return }
        if let lastDrawn, now - lastDrawn < Self.interval { return }
        lastDrawn = now
        isShown = true
        output.write("\r\u{1B}[K\(text())")
    }

    /// Takes the line away.
    mutating func clear() {
        guard isShown else { return }
        isShown = false
        output.write("\r\u{1B}[K")
    }
}
