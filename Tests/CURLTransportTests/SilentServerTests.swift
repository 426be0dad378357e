import CURLTransport
import Foundation
import Testing

@Suite("CURLTransport and a server that never answers")
struct SilentServerTests {
    /// Connects and never answers: the kernel takes the connection, nobody accepts it.
    private func silentPort() -> Int {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                _ = bind(descriptor, $0, length)
                _ = listen(descriptor, 16)
                _ = getsockname(descriptor, $0, &length)
            }
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    private func code(_ transport: CURLTransport, timeout: Duration) async throws -> HTTPTransportError.Code? {
        let request = HTTPRequest(
            target: "/x", headers: try .init([]), timeout: timeout, maximumBodySize: 100)
        do throws(HTTPTransportError) {
            _ = try await transport.execute(request)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("A request ends at its own timeout, also in the queue behind a hanging one", .timeLimit(.minutes(1)))
    func timeout() async throws {
        let transport = try CURLTransport(
            .init(baseURL: "http://127.0.0.1:\(silentPort())", userAgent: "tests", maximumConnections: 1))
        async let first = code(transport, timeout: .seconds(30))
        async let second = code(transport, timeout: .milliseconds(50))
        #expect(try await second == .timeout)
        await transport.shutDown(timeout: .seconds(5))
        #expect(try await first == .shutDown)
    }
}
