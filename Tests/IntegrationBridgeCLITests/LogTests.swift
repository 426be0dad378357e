import Dispatch
import Foundation
import IntegrationBridge
import JSONText
import Synchronization
import Testing

@testable import IntegrationBridgeCLI

@Suite("Log lines are one line each, and whole")
struct LogTests {
    private let time = Date(timeIntervalSince1970: 1_767_323_045.5)

    @Test("The text form quotes what could be misread")
    func text() {
        let event = LogEvent(
            .warning, "It happened", [("plain", "a-b/c:1"), ("spaced", "a b"), ("empty", ""), ("breaks", "a\nb\"c=d")])
        #expect(
            LogLine.text(event, at: time)
                == "2026-01-02T03:04:05.500Z warning It happened plain=a-b/c:1 spaced=\"a b\" empty=\"\" "
                + "breaks=\"a\\nb\\\"c=d\"\n")
    }

    @Test("The JSON form parses, whatever is in it, and metadata hides none of its own members")
    func json() throws {
        let event = LogEvent(.error, "It failed", [("error", "a\u{0}\n\"é🚨"), ("level", "mine"), ("a", "1")])
        let line = LogLine.json(event, at: time)
        #expect(line.filter { $0 == "\n" }.count == 1)
        let value = try JSONValue(parsing: line)
        #expect(value["time"] == .string("2026-01-02T03:04:05.500Z"))
        #expect(value["level"] == .string("error"))
        #expect(value["message"] == .string("It failed"))
        #expect(value["error"] == .string("a\u{0}\n\"é🚨"))
        #expect(value["_level"] == .string("mine"))
        #expect(try JSONSerialization.jsonObject(with: Data(line.utf8)) is [String: Any])
    }

    @Test("Lines of many threads do not interleave, and those below the level are not written")
    func writer() async throws {
        let output = CapturedOutput()
        let log = LogWriter(level: .info, format: .json, output: output)
        DispatchQueue.concurrentPerform(iterations: 8) { thread in
            for number in 0..<200 {
                log.log(.info, "A line", [("thread", "\(thread)"), ("number", "\(number)")])
                log.log(.debug, "Not this")
            }
        }
        await log.flush(timeout: .seconds(10))
        #expect(output.lines.count == 1_600)
        for line in output.lines { #expect(try JSONValue(parsing: line)["message"] == .string("A line")) }
    }

    @Test("A reader that does not read holds nobody up: lines beyond a bound are counted instead of kept")
    func stuckReader() async throws {
        let output = StuckOutput()
        let log = LogWriter(level: .info, format: .text, output: output)
        let long = String(repeating: "x", count: 10_000)
        for _ in 0..<500 { log.log(.info, "Long", [("text", long)]) }
        output.release()
        await log.flush(timeout: .seconds(10))
        log.log(.info, "Last")
        await log.flush(timeout: .seconds(10))
        let text = output.text
        #expect(text.utf8.count < 3 << 20)
        #expect(text.contains("Log lines were left out"))
        #expect(text.contains("Last"))
    }

    /// Blocks its writer until it is released.
    private final class StuckOutput: TextOutput {
        let isTerminal = false
        private let gate = DispatchSemaphore(value: 0)
        private let bytes = Mutex<[UInt8]>([])

        func release() {
            gate.signal()
        }

        func write(_ bytes: [UInt8]) {
            gate.wait()
            gate.signal()
            self.bytes.withLock { $0 += bytes }
        }

        var text: String { bytes.withLock { String(decoding: $0, as: UTF8.self) } }
    }
}
