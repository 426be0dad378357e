import NotificationsAPI
import Testing

@Suite("A failure in one line")
struct FailureSummaryTests {
    @Test("Control characters and separators of lines become spaces, in the status too: it may be shown on a terminal")
    func controls() {
        let ranges: [ClosedRange<UInt32>] = [0x00...0x1f, 0x7f...0x9f, 0x2028...0x2029]
        for value in ranges.joined() {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let failure = Failure(errors: [APIError(status: "4\(scalar)0", detail: "a\(scalar)b")])
            #expect(failure.summary == "4 0: a b", "\(value)")
        }
        let failure = Failure(errors: [APIError(detail: "a\r\nb \u{1b}[31mé\u{200d}😀")])
        #expect(failure.summary == "a  b  [31mé\u{200d}😀")
    }

    @Test(
        "It is short however long the text or status is, also where it is one endless character",
        arguments: ["x", "é", "😀", "\u{301}", "a\u{301}", "\r\n"])
    func bounded(part: String) {
        let long = "a" + String(repeating: part, count: 100_000)
        for failure in [
            Failure(errors: [APIError(status: long, detail: long)]), Failure(errors: [APIError(title: long)]),
            Failure(errors: [APIError(message: long)]), Failure(errors: [APIError(code: long)]),
        ] {
            #expect(failure.summary.unicodeScalars.first == "a")
            #expect(failure.summary.utf8.count > 100 && failure.summary.utf8.count <= 2_100)
        }
    }
}
