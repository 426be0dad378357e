import JSONText
import Testing

@testable import IntegrationBridgeCLI

@Suite("What people see suits where they see it")
struct OutputTests {
    @Test("Progress is silent in a pipe")
    func pipe() {
        let output = CapturedOutput(isTerminal: false)
        var progress = ProgressLine(output)
        progress.update("1 of 2")
        progress.clear()
        #expect(output.text.isEmpty)
    }

    @Test("Progress on a terminal is one line, written over at most ten times a second, and taken away at the end")
    func terminal() {
        let output = CapturedOutput(isTerminal: true)
        var progress = ProgressLine(output)
        let start = ContinuousClock.now
        progress.update("one", now: start)
        progress.update("two", now: start + .milliseconds(99))
        progress.update("three", now: start + .milliseconds(101))
        progress.clear()
        progress.clear()
        #expect(output.text == "\r\u{1B}[Kone\r\u{1B}[Kthree\r\u{1B}[K")
    }

    @Test("Colour is only for terminals whose user has not asked for none")
    func colour() {
        #expect(Style(for: CapturedOutput(isTerminal: true), environment: [:]).red("x") == "\u{1B}[31mx\u{1B}[0m")
        #expect(Style(for: CapturedOutput(), environment: [:]).red("x") == "x")
        #expect(Style(for: CapturedOutput(isTerminal: true), environment: ["NO_COLOR": "1"]).red("x") == "x")
        #expect(Style(for: CapturedOutput(isTerminal: true), environment: ["NO_COLOR": ""]).isColored)
        #expect(!Style(for: CapturedOutput(isTerminal: true), environment: ["TERM": "dumb"]).isColored)
    }

    @Test("Numbers are grouped by thousands")
    func numbers() {
        #expect(
            [0, 999, 1_000, 1_234_567, -1_000].map(NumberText.grouped) == ["0", "999", "1,000", "1,234,567", "-1,000"])
        #expect(NumberText.time(.milliseconds(420)) == "0.42 s")
        #expect(NumberText.time(.seconds(12.34)) == "12.3 s")
        #expect(NumberText.time(.seconds(125)) == "2 min 5 s")
        #expect(NumberText.counted(1, "request") == "1 request")
    }

    @Test("A record is printed without webhook URLs, at any depth of its target")
    func redaction() throws {
        let value = try JSONValue(
            parsing: #"{"target":{"kind":"X","webhook_url":"https://h.example.com/s/secret","#
                + #""a":[{"callbackURL":"https://u:p@h.example.com:8/secret?x"}]},"url":"https://h.example.com/open"}"#)
        #expect(
            RecordText.redacted(value).description
                == #"{"target":{"kind":"X","webhook_url":"https://h.example.com/***","#
                + #""a":[{"callbackURL":"https://h.example.com:8/***"}]},"url":"https://h.example.com/open"}"#)
    }
}
