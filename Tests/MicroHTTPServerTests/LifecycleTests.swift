import Foundation
import MicroHTTPServer
import Synchronization
import Testing

@Suite("MicroHTTPServer's start and stop", .timeLimit(.minutes(1)))
struct LifecycleTests {
    @Test("A port that is taken is an error that names host and port")
    func portTaken() throws {
        let first = try HTTPServer { _ in .close }
        defer { first.stop() }
        let error = #expect(throws: HTTPServerError.self) { try HTTPServer(port: first.port) { _ in .close } }
        #expect(error?.description.contains("127.0.0.1:\(first.port)") == true)
    }

    @Test("An address that is none is an error that names it", arguments: [("nowhere", 0), ("127.0.0.1", 70_000)])
    func badAddress(host: String, port: Int) {
        let error = #expect(throws: HTTPServerError.self) { try HTTPServer(host: host, port: port) { _ in .close } }
        #expect(error?.description.contains("\(host):\(port)") == true)
    }

    @Test("Stopping ends connections that hang or wait, soon, and frees the port; a second time it does nothing")
    func stopWithSuspended() throws {
        let arrived = Counter()
        let server = try HTTPServer { request in
            arrived.add()
            let late = HTTPServerResponse(status: 200)
            return request.path == "/hang" ? .hang : .respondLater(late, after: .seconds(60))
        }
        let connections = try (0..<20).map { index in
            let connection = try RawConnection(port: server.port)
            connection.send("GET \(index.isMultiple(of: 2) ? "/hang" : "/late") HTTP/1.1\r\nHost: x\r\n\r\n")
            return connection
        }
        arrived.wait(for: 20)
        let start = ContinuousClock.now
        server.stop()
        server.stop()
        #expect(ContinuousClock.now - start < .seconds(5))
        for connection in connections { #expect(connection.readToEnd().end != .nothing) }
        #expect(throws: (any Error).self) { try RawConnection(port: server.port) }
        let next = try HTTPServer(port: server.port) { _ in .respond(HTTPServerResponse(status: 200)) }
        #expect(try RawConnection.get("/", port: next.port).text.hasPrefix("HTTP/1.1 200"))
        next.stop()
    }

    @Test("2,000 answers wait at once, with no thread each, and all come")
    func manyDelayed() throws {
        let arrived = Counter()
        let server = try HTTPServer { request in
            arrived.add()
            return .respondLater(HTTPServerResponse(status: 200, body: Array(request.path.utf8)), after: .seconds(2))
        }
        defer { server.stop() }
        let before = threadCount()
        let connections = try (0..<2000).map { index in
            let connection = try RawConnection(port: server.port)
            connection.send("GET /\(index) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return connection
        }
        arrived.wait(for: 2000)
        #expect(threadCount() < before + 1000)
        for (index, connection) in connections.enumerated() {
            #expect(connection.readToEnd().text.hasSuffix("\r\n\r\n/\(index)"))
        }
    }

    /// Of this process, the other tests' included.
    private func threadCount() -> Int {
        (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task"))?.count ?? 0
    }
}

/// Counts, and lets a test wait for a count.
private final class Counter: Sendable {
    private let count = Mutex(0)
    private let added = DispatchSemaphore(value: 0)

    func add() {
        count.withLock { $0 += 1 }
        added.signal()
    }

    func wait(for wanted: Int) {
        while count.withLock({ $0 }) < wanted {
            guard added.wait(timeout: .now() + 30) == .success else { return }
        }
    }
}
