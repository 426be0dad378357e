import CURLTransport
import Foundation
import MicroHTTPServer
import Synchronization
import Testing

@Suite("CURLTransport's exchanges", .timeLimit(.minutes(1)))
struct ExchangeTests {
    /// What a server was asked.
    final class Requests: Sendable {
        private let held = Mutex<[HTTPServerRequest]>([])
        var all: [HTTPServerRequest] { held.withLock { $0 } }
        func append(_ request: HTTPServerRequest) { held.withLock { $0.append(request) } }
    }

    private func server(_ requests: Requests, _ action: HTTPServerAction) throws -> HTTPServer {
        try HTTPServer {
            requests.append($0)
            return action
        }
    }

    @Test("A POST brings its body and its fields, empty bodies included")
    func post() async throws {
        let requests = Requests()
        let server = try server(requests, .respond(HTTPServerResponse(status: 201)))
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port)
        let headers = try HTTPRequestHeaders([("Content-Type", "text/x"), ("X-Empty", ""), ("X-Text", "ü")])
        let bodies: [[UInt8]?] = [[0, 1, 255], [], nil, [UInt8](repeating: 66, count: 100_000)]
        for body in bodies {
            let request = HTTPRequest(
                method: .post, target: "/p", headers: headers, body: body, timeout: .seconds(20), maximumBodySize: 100)
            #expect(try await transport.execute(request).status == 201)
        }
        #expect(requests.all.map(\.method) == Array(repeating: "POST", count: 4))
        #expect(requests.all.map(\.body) == bodies.map { $0 ?? [] })
        #expect(requests.all.allSatisfy { $0.header("content-type") == "text/x" && $0.header("x-text") == "ü" })
        #expect(requests.all.allSatisfy { $0.header("x-empty") == "" })
        // The handle that sent a body sends none with a GET.
        _ = try await transport.get("/g")
        #expect(requests.all.last?.method == "GET")
        #expect(requests.all.last?.body == [])
    }

    @Test("Paths go below the base URL's own, with their query", arguments: ["/v1/api", "/v1/api/"])
    func prefix(_ prefix: String) async throws {
        let requests = Requests()
        let server = try server(requests, .respond(HTTPServerResponse(status: 200)))
        defer { server.stop() }
        _ = try await CURLTransport.test(port: server.port, path: prefix).get("/a%2Fb?c=%20d")
        #expect(requests.all.map(\.path) == ["/v1/api/a%2Fb"])
        #expect(requests.all.first?.query("c") == "%20d")
        #expect(requests.all.first?.header("user-agent") == "tests")
    }

    @Test("A proxy gets the whole URL, and the path with its escapes")
    func proxy() async throws {
        let requests = Requests()
        let proxy = try server(requests, .respond(HTTPServerResponse(status: 200)))
        defer { proxy.stop() }
        var configuration = CURLTransportConfiguration(baseURL: "http://api.invalid/v1", userAgent: "tests")
        configuration.proxyURL = "http://127.0.0.1:\(proxy.port)"
        #expect(try await CURLTransport(configuration).get("/a%2Fb/%2e%2e/c?d=e").status == 200)
        // libcurl writes escapes in lower case here, which makes no difference (RFC 3986, 6.2.2.1).
        #expect(requests.all.map { $0.path.lowercased() } == ["http://api.invalid/v1/a%2fb/%2e%2e/c"])
        #expect(requests.all.first?.query("d") == "e")
    }

    @Test("Requests one after the other share a connection; those at once use no more than may be")
    func reuse() async throws {
        let server = try RawServer(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".utf8), keepsAlive: true)
        defer { server.stop() }
        let one = try CURLTransport.test(port: server.port)
        for number in 0..<20 { _ = try await one.get("/\(number)") }
        #expect(server.connections == 1)
        let four = try CURLTransport.test(port: server.port, connections: 4)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 { group.addTask { _ = try await four.get("/\(number)") } }
            try await group.waitForAll()
        }
        #expect((2...5).contains(server.connections))
        #expect(server.answers == 120)
    }

    @Test("The environment's proxies are not obeyed")
    func environment() async {
        // In a process of its own: the environment is everybody's.
        await #expect(processExitsWith: .success) {
            for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] { setenv(name, "http://127.0.0.1:1", 1) }
            let server = try HTTPServer { _ in .respond(HTTPServerResponse(status: 200)) }
            let response = try await CURLTransport.test(port: server.port).get("/x")
            #expect(response.status == 200)
        }
    }

    @Test("A response of any status is a response, with the fields that were asked for and no others")
    func fields() async throws {
        let head = "HTTP/1.1 503 No\r\nX-One: 1\r\nX-Two:\r\nX-ONE: 2\r\nX-Other: 3\r\nContent-Length: 1\r\n\r\n"
        let server = try RawServer(Array(head.utf8) + [1])
        defer { server.stop() }
        let response = try await CURLTransport.test(port: server.port, keeping: ["x-two", "x-one", "x-none"]).get("/x")
        #expect(response.status == 503)
        #expect(response.body == [1])
        #expect(response.headers.filter { $0.name == "x-one" }.map(\.value) == ["1", "2"])
        #expect(response.header("x-two") == "")
        #expect(response.headers.count == 3)
    }
}
