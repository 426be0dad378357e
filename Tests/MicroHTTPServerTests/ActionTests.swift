import Foundation
import MicroHTTPServer
import Synchronization
import Testing

@Suite("MicroHTTPServer's answers", .timeLimit(.minutes(1)))
struct ActionTests {
    private func server(_ action: HTTPServerAction) throws -> HTTPServer { try HTTPServer { _ in action } }

    private let response = HTTPServerResponse(
        status: 207, headers: [("X-A", "1"), ("X-A", "2")], body: Array("body".utf8))

    @Test("An answer brings status, fields in their order, its length and its body")
    func respond() throws {
        let server = try server(.respond(response))
        defer { server.stop() }
        let (text, end) = try RawConnection.get("/", port: server.port)
        #expect(text.hasPrefix("HTTP/1.1 207 "))
        #expect(text.contains("X-A: 1\r\nX-A: 2\r\n"))
        #expect(text.contains("Content-Length: 4\r\n"))
        #expect(text.hasSuffix("\r\n\r\nbody"))
        #expect(end == .closed)
    }

    @Test("A later answer is the same, after its time")
    func respondLater() throws {
        let server = try server(.respondLater(response, after: .milliseconds(150)))
        defer { server.stop() }
        let start = ContinuousClock.now
        let (text, _) = try RawConnection.get("/", port: server.port)
        #expect(ContinuousClock.now - start >= .milliseconds(150))
        #expect(text.hasPrefix("HTTP/1.1 207 "))
        #expect(text.hasSuffix("\r\n\r\nbody"))
    }

    @Test("A close ends the connection in order, a reset breaks it, both without a byte")
    func closeAndReset() throws {
        for (action, wanted) in [(HTTPServerAction.close, RawConnection.End.closed), (.reset, .reset)] {
            let server = try server(action)
            defer { server.stop() }
            let (text, end) = try RawConnection.get("/", port: server.port)
            #expect(text.isEmpty)
            #expect(end == wanted)
        }
    }

    @Test("A cut answer announces more than it sends, and closes")
    func truncate() throws {
        for body in ["body", ""] {
            let response = HTTPServerResponse(status: 200, body: Array(body.utf8))
            let server = try server(.truncate(response, announced: 1000))
            defer { server.stop() }
            let (text, end) = try RawConnection.get("/", port: server.port)
            #expect(text.contains("Content-Length: 1000\r\n"))
            #expect(text.hasSuffix("\r\n\r\n" + body))
            #expect(end != .nothing)
        }
    }

    @Test("A hanging answer does not come, and the connection stays")
    func hang() throws {
        let server = try server(.hang)
        defer { server.stop() }
        let (text, end) = try RawConnection.get("/", port: server.port, timeout: .milliseconds(200))
        #expect(text.isEmpty)
        #expect(end == .nothing)
    }

    @Test("A handler sees method, path and query with their escapes, fields and body as they were sent")
    func request() throws {
        let seen = Seen()
        let server = try HTTPServer { request in
            seen.request.withLock { $0 = request }
            return .respond(HTTPServerResponse(status: 200))
        }
        defer { server.stop() }
        let connection = try RawConnection(port: server.port)
        connection.send(
            "PUT /a%2Fb/../%C3%BC?x=1%202&x=3&flag&empty= HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a:  2\r\n"
                + "Content-Length: 4\r\nConnection: close\r\n\r\nbody")
        _ = connection.readToEnd()
        let request = try #require(seen.request.withLock { $0 })
        #expect(request.method == "PUT")
        #expect(request.path == "/a%2Fb/../%C3%BC")
        #expect(request.query.map(\.name) == ["x", "x", "flag", "empty"])
        #expect(request.query.map(\.value) == ["1%202", "3", "", ""])
        #expect(request.query("x") == "1%202")
        #expect(request.query("none") == nil)
        #expect(request.headers.filter { $0.name.lowercased() == "x-a" }.map(\.value) == ["1", "2"])
        #expect(request.header("X-a") == "1")
        #expect(request.header("X-None") == nil)
        #expect(request.body == Array("body".utf8))
    }

    @Test("A body in chunks is put together; one over 1 MiB is not taken")
    func bodies() throws {
        let server = try HTTPServer { .respond(HTTPServerResponse(status: 200, body: Array("\($0.body.count)".utf8))) }
        defer { server.stop() }
        let chunked = try RawConnection(port: server.port)
        chunked.send(
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
                + "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n")
        #expect(chunked.readToEnd().text.hasSuffix("\r\n\r\n7"))
        for (size, isTaken) in [(1 << 20, true), ((1 << 20) + 1, false)] {
            let connection = try RawConnection(port: server.port)
            connection.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(size)\r\nConnection: close\r\n\r\n")
            connection.send(String(repeating: "x", count: size))
            #expect(connection.readToEnd().text.hasPrefix("HTTP/1.1 200") == isTaken)
        }
    }

    private final class Seen: Sendable {
        let request = Mutex<HTTPServerRequest?>(nil)
    }
}
