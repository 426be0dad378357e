import CURLTransport
import Foundation
import MicroHTTPServer
import Testing

@Suite("CURLTransport and TLS", .timeLimit(.minutes(1)))
struct TLSTests {
    private func transport(_ port: Int, caFile: String? = nil) throws -> CURLTransport {
        try CURLTransport(.init(baseURL: "https://127.0.0.1:\(port)", caFile: caFile, userAgent: "tests"))
    }

    @Test("A CA file without a certificate is a TLS error")
    func noCertificates() async throws {
        let server = try HTTPServer { _ in .respond(HTTPServerResponse(status: 200)) }
        defer { server.stop() }
        let file = NSTemporaryDirectory() + "/authorities-\(UUID().uuidString).pem"
        try "no certificate".write(toFile: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(atPath: file) }
        #expect(try await transport(server.port, caFile: file).error(of: "/")?.code == .tls)
    }

    @Test("TLS to a server that speaks none is a TLS error")
    func noTLS() async throws {
        let server = try HTTPServer { _ in .respond(HTTPServerResponse(status: 200)) }
        defer { server.stop() }
        #expect(try await transport(server.port).error(of: "/")?.code == .tls)
    }
}
