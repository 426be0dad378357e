import CURLTransport
import Foundation
import MicroHTTPServer
import Testing

@Suite("CURLTransport and what servers do wrong", .timeLimit(.minutes(1)))
struct FaultTests {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let action: HTTPServerAction
        let code: HTTPTransportError.Code
    }

    private static let body = Array("{\"id\":\"i-1\"}".utf8)

    static let faults = [
        Fault(
            testDescription: "a body that ends before its announced length",
            action: .truncate(HTTPServerResponse(status: 200, body: body), announced: 100), code: .connectionLost),
        Fault(testDescription: "a reset", action: .reset, code: .connectionLost),
        Fault(testDescription: "a close without an answer", action: .close, code: .connectionLost),
        Fault(testDescription: "no answer in time", action: .hang, code: .timeout),
        Fault(
            testDescription: "an answer after the time",
            action: .respondLater(HTTPServerResponse(status: 200), after: .seconds(30)), code: .timeout),
    ]

    @Test(
        "A broken answer is an error of its own code that names host and port, and may be tried again",
        arguments: faults)
    func fault(_ fault: Fault) async throws {
        let server = try HTTPServer { $0.path == "/ok" ? .respond(.init(status: 200, body: Self.body)) : fault.action }
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port, connections: 1)
        let timeout = fault.code == .timeout ? Duration.milliseconds(200) : .seconds(20)
        let error = await transport.error(of: "/x?secret=1", timeout: timeout)
        #expect(error?.code == fault.code)
        #expect(error?.isRetriable == true)
        #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
        #expect(error?.message.contains("secret") == false)
        // The one connection that may be is free again, and the broken one is not used.
        #expect(try await transport.get("/ok").body == Self.body)
    }

    @Test("What is not HTTP is no answer")
    func notHTTP() async throws {
        let server = try RawServer(Array("SSH-2.0-OpenSSH_9.2\r\n".utf8))
        defer { server.stop() }
        let error = try await CURLTransport.test(port: server.port).error(of: "/x")
        #expect(error?.code == .invalidResponse)
    }

    @Test("300 KiB of header fields are refused")
    func hugeHeaders() async throws {
        let field = "X-Field: " + String(repeating: "a", count: 1000) + "\r\n"
        let head = "HTTP/1.1 200 OK\r\n" + String(repeating: field, count: 310) + "Content-Length: 0\r\n\r\n"
        let server = try RawServer(Array(head.utf8))
        defer { server.stop() }
        let error = try await CURLTransport.test(port: server.port).error(of: "/x")
        #expect(error != nil)
        #expect(error?.isRetriable == true)
    }

    @Test("A body without a length that ends with its connection is whole; over the cap it is refused all the same")
    func unannounced() async throws {
        let server = try RawServer(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + [UInt8](repeating: 65, count: 50_000))
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port)
        #expect(try await transport.get("/x", limit: 50_000).body.count == 50_000)
        let error = await transport.error(of: "/x", limit: 49_999)
        #expect(error?.code == .bodyTooLarge)
    }

    @Test("An answer that is cut off or too large leaves its status and fields, without the body")
    func head() async throws {
        let response = HTTPServerResponse(status: 203, headers: [("X-Request-Id", "r-1")], body: Self.body)
        let server = try HTTPServer { request in
            switch request.path {
            case "/cut": .truncate(response, announced: 100)
            case "/close": .close
            default: .respond(response)
            }
        }
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port, connections: 1, keeping: ["x-request-id"])
        for (target, code) in [("/cut", HTTPTransportError.Code.connectionLost), ("/large", .bodyTooLarge)] {
            let error = await transport.error(of: target, limit: target == "/large" ? 5 : 1_000)
            #expect(error?.code == code)
            let head = try #require(error?.head, "\(target)")
            #expect(head.status == 203)
            #expect(head.headers.map(\.name) == ["x-request-id"] && head.headers.map(\.value) == ["r-1"])
            #expect(head.body.isEmpty)
        }
        // The handle has seen answers: none of them is taken for that of a request without one.
        let error = await transport.error(of: "/close")
        #expect(error?.code == .connectionLost)
        #expect(error?.head == nil)
    }

    @Test("A server that closes after each answer gets a new connection for each request")
    func closedBetween() async throws {
        let server = try RawServer(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8))
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port)
        for count in 1...3 {
            #expect(try await transport.get("/x").body == Array("ok".utf8))
            #expect(server.connections == count)
        }
    }

    @Test("A name that does not resolve is an error that names it")
    func unresolvable() async throws {
        let transport = try CURLTransport(.init(baseURL: "http://no-such-host.invalid:81", userAgent: "tests"))
        let error = await transport.error(of: "/x")
        #expect(error?.code == .nameResolution)
        #expect(error?.message.contains("no-such-host.invalid:81") == true)
    }
}
