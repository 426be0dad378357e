import Foundation
import Testing

@testable import IntegrationBridgeCLI

@Suite("send takes ids and JSON objects, and names the line that is neither")
struct RequestSourceTests {
    private func values(_ text: String) throws -> [String] { try values(Array(text.utf8)) }

    private func values(_ bytes: [UInt8]) throws -> [String] {
        let path = NSTemporaryDirectory() + "/requests-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var values: [String] = []
        try RequestSource.file(path).forEach { (value) throws(CommandFailure) in
            values.append(String(decoding: value, as: UTF8.self))
            return true
        }
        return values
    }

    @Test("Bare ids become requests, objects go as they are, empty lines and line ends of any kind are no matter")
    func lines() throws {
        #expect(
            try values("\u{FEFF}i-1\r\n\n   \n  {\"integration_id\":\"i-2\", \"n\":1.10}\t\né\"漢\ni-3")
                == [
                    #"{"integration_id":"i-1"}"#, #"{"integration_id":"i-2", "n":1.10}"#,
                    #"{"integration_id":"é\"漢"}"#, #"{"integration_id":"i-3"}"#,
                ])
        #expect(try values("").isEmpty)
        #expect(try values("\n\n").isEmpty)
    }

    @Test("Lines of every length around the buffer's size come whole")
    func buffer() throws {
        let ids = (0..<3_000).map { String(repeating: "x", count: 1 + $0 % 255) }
        #expect(try values(ids.joined(separator: "\n")) == ids.map { #"{"integration_id":"\#($0)"}"# })
        for length in [65_534, 65_535, 65_536, 65_537, 131_072, 900_000] {
            let object = #"{"integration_id":"i","pad":"\#(String(repeating: "p", count: length - 31))"}"#
            #expect(object.utf8.count == length)
            let found = try values("i-1\n\(object)\ni-2\n")
            #expect(found.count == 3 && found[1] == object)
        }
    }

    @Test(
        "A bad line is named with its number",
        arguments: [
            ("i-1\n[1]\n", "line 2 is JSON but no object"), ("\n\n\"i-1\"", "line 3 is JSON but no object"),
            ("{\"a\":}", "line 1 is no JSON object"), ("i-1\ni 2", "line 2 is no integration id: it holds white space"),
            ("..", "line 1 is no integration id: no URL"), (String(repeating: "x", count: 256), "longer than 255"),
        ])
    func bad(_ text: String, _ message: String) {
        let error = #expect(throws: CommandFailure.self) { try values(text) }
        #expect(error?.exitCode == .usage)
        #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }

    @Test("What is not UTF-8, or longer than a record may be, is a bad line too")
    func bytes() {
        let notUTF8 = #expect(throws: CommandFailure.self) { try values([0x69, 0x0A, 0xFF, 0x0A]) }
        #expect(notUTF8?.message.contains("line 2 is not UTF-8") == true)
        let long = #expect(throws: CommandFailure.self) {
            try values(Array("i\n".utf8) + [UInt8](repeating: 0x78, count: LineReader.maximumLineLength + 1))
        }
        #expect(long?.message.contains("line 2 is longer") == true)
    }

    @Test("A file that is not there, or is a folder, is an error that names it")
    func files() {
        for path in ["/does/not/exist", "/tmp"] {
            let error = #expect(throws: CommandFailure.self) {
                try RequestSource.file(path).forEach { (_) throws(CommandFailure) in true }
            }
            #expect(error?.message.hasPrefix("\(path): cannot be") == true)
        }
    }

    @Test("Of several ids none is handed over when one is bad")
    func ids() throws {
        var count = 0
        #expect(throws: CommandFailure.self) {
            try RequestSource.ids(["i-1", "a\u{7}b"]).forEach { (_) throws(CommandFailure) in
                count += 1
                return true
            }
        }
        #expect(count == 0)
        try RequestSource.ids(["i-1", "i-2", "i-3"]).forEach { (_) throws(CommandFailure) in
            count += 1
            return count < 2
        }
        #expect(count == 2)
    }
}
