import IntegrationBridge
import Testing

@Suite("Values in messages") struct QuotedTextTests {
    @Test("a value is shown on one line, and cut where nobody would read on")
    func shown() {
        #expect(QuotedText.of("") == "''")
        #expect(QuotedText.of("10 sec") == "'10 sec'")
        #expect(QuotedText.of("a\nb\u{1B}[31m\u{0}") == "'a\u{FFFD}b\u{FFFD}[31m\u{FFFD}'")
        #expect(QuotedText.of(String(repeating: "a", count: 80)) == "'\(String(repeating: "a", count: 80))'")
        #expect(QuotedText.of(String(repeating: "a", count: 81)) == "'\(String(repeating: "a", count: 80))...'")
    }
}
