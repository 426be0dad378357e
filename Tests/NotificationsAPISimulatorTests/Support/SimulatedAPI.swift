import CURLTransport
import NotificationsAPI
import NotificationsAPISimulator

/// A simulator, and the client that the bridge uses of it.
final class SimulatedAPI: Sendable {
    let simulator: Simulator
    let transport: CURLTransport
    let client: Client

    init(
        _ configuration: SimulatorConfiguration = SimulatorConfiguration(), credentials: Credentials = .none,
        timeout: Duration = .seconds(30)
    ) throws {
        simulator = try Simulator(configuration)
        transport = try CURLTransport(
            .init(
                baseURL: simulator.baseURL, userAgent: "tests",
                keptHeaders: ClientConfiguration.neededHeaders + ["www-authenticate"]))
        var client = ClientConfiguration(baseURL: simulator.baseURL, credentials: credentials)
        client.attemptTimeout = timeout
        self.client = Client(configuration: client, transport: transport)
    }

    func stop() { simulator.stop() }

    func get(_ target: String, headers: [(name: String, value: String)] = []) async throws -> HTTPResponse {
        try await transport.execute(
            HTTPRequest(
                target: target, headers: HTTPRequestHeaders(headers), timeout: .seconds(30), maximumBodySize: 1 << 22))
    }

    func post(_ target: String) async throws -> HTTPResponse {
        try await transport.execute(
            HTTPRequest(
                method: .post, target: target, headers: HTTPRequestHeaders([]), timeout: .seconds(30),
                maximumBodySize: 1 << 20))
    }

    func lookup(_ id: String) async throws -> LookupAnswer { try await client.lookup(id: id) }
}

extension LookupAnswer {
    /// Why there is no integration; `nil` where there is one.
    var reason: LookupFailureReason? {
        if case .failure(let reason, _) = result { reason } else { nil }
    }

    var failure: Failure? {
        if case .failure(_, let failure) = result { failure } else { nil }
    }
}
