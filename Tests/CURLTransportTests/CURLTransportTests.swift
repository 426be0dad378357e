import CURLTransport
import MicroHTTPServer
import Testing

@Suite("CURLTransport")
struct CURLTransportTests {
    private func transport(_ server: HTTPServer) throws -> CURLTransport {
        try CURLTransport(
            .init(baseURL: "http://127.0.0.1:\(server.port)", userAgent: "tests", keptHeaders: ["x-request-id"]))
    }

    private func request(_ target: String, limit: Int = 1 << 20) throws -> HTTPRequest {
        HTTPRequest(target: target, headers: try .init([]), timeout: .seconds(10), maximumBodySize: limit)
    }

    @Test("1,000 requests at once all get their own answer, a repeated header is kept twice")
    func manyRequests() async throws {
        let server = try HTTPServer { request in
            .respond(
                HTTPServerResponse(
                    status: 200, headers: [("X-Request-Id", "a"), ("X-Request-Id", "b")],
                    body: Array(request.path.utf8)))
        }
        let transport = try transport(server)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<1000 {
                group.addTask(executorPreference: index.isMultiple(of: 2) ? transport.executor : nil) {
                    let response = try await transport.execute(request("/i-\(index)"))
                    #expect(response.status == 200)
                    #expect(String(decoding: response.body, as: UTF8.self) == "/i-\(index)")
                    #expect(response.headers.map(\.value) == ["a", "b"])
                }
            }
            try await group.waitForAll()
        }
        await transport.shutDown(timeout: .seconds(5))
        let error = await #expect(throws: HTTPTransportError.self) { try await transport.execute(request("/x")) }
        #expect(error?.code == .shutDown)
    }

    @Test("A body over the cap is refused by its own code")
    func bodyTooLarge() async throws {
        let server = try HTTPServer { _ in
            .respond(HTTPServerResponse(status: 200, body: Array(repeating: 65, count: 5000)))
        }
        let transport = try transport(server)
        let error = await #expect(throws: HTTPTransportError.self) {
            try await transport.execute(request("/x", limit: 4999))
        }
        #expect(error?.code == .bodyTooLarge)
    }

    @Test("A closed port is a connect error that names host and port")
    func refused() async throws {
        let server = try HTTPServer { _ in .respond(HTTPServerResponse(status: 200)) }
        server.stop()
        let error = await #expect(throws: HTTPTransportError.self) {
            try await transport(server).execute(request("/x"))
        }
        #expect(error?.code == .connect)
        #expect(error?.message.contains("127.0.0.1:\(server.port)") == true)
    }

    @Test("An escaped path reaches the server as it was written")
    func escapedPath() async throws {
        let server = try HTTPServer { .respond(HTTPServerResponse(status: 200, body: Array($0.path.utf8))) }
        let response = try await transport(server).execute(request("/a%2Fb/%2e%2e/c"))
        #expect(String(decoding: response.body, as: UTF8.self) == "/a%2Fb/%2e%2e/c")
    }

    @Test("A task that is cancelled before it asks gets the cancellation, not an answer")
    func cancelledBefore() async throws {
        let server = try HTTPServer { _ in .respond(HTTPServerResponse(status: 200)) }
        let transport = try transport(server)
        let request = try request("/x")
        let task = Task { () -> HTTPTransportError.Code? in
            withUnsafeCurrentTask { $0?.cancel() }
            do throws(HTTPTransportError) {
                _ = try await transport.execute(request)
                return nil
            } catch {
                return error.code
            }
        }
        #expect(await task.value == .cancelled)
    }
}
