import CURLTransport
import MicroHTTPServer

extension CURLTransport {
    static func test(
        port: Int, path: String = "", connections: Int = 64, keeping headers: [String] = []
    ) throws -> CURLTransport {
        try CURLTransport(
            .init(
                baseURL: "http://127.0.0.1:\(port)\(path)", userAgent: "tests", keptHeaders: headers,
                maximumConnections: connections))
    }

    func get(_ target: String, limit: Int = 1 << 20, timeout: Duration = .seconds(20)) async throws -> HTTPResponse {
        try await execute(
            HTTPRequest(target: target, headers: .init([]), timeout: timeout, maximumBodySize: limit))
    }

    /// The error of a GET; `nil` where there is an answer.
    func error(of target: String, limit: Int = 1 << 20, timeout: Duration = .seconds(20)) async -> HTTPTransportError? {
        do {
            _ = try await get(target, limit: limit, timeout: timeout)
            return nil
        } catch {
            return error as? HTTPTransportError
        }
    }
}

/// Looks every few milliseconds whether something has come about.
func eventually(within time: Duration = .seconds(20), _ isTrue: () -> Bool) async throws -> Bool {
    let deadline = ContinuousClock.now + time
    while !isTrue() {
        guard ContinuousClock.now < deadline else { return false }
        try await Task.sleep(for: .milliseconds(5))
    }
    return true
}
