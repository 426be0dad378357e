package import CURLTransport
package import NotificationsAPI

extension BridgeConfiguration {
    /// Opens a transport to the API and makes a client on it; the caller shuts the transport down.
    ///
    /// - Returns: also the credentials, which tell how calls fared, and whose `run()` keeps them good.
    package func makeClient(
        log: EventLog = .silent
    ) throws(BridgeError) -> (transport: CURLTransport, client: Client, credentials: CredentialStore) {
        let transport: CURLTransport
        do throws(HTTPTransportError) {
            transport = try CURLTransport(
                CURLTransportConfiguration(
                    baseURL: api.baseURL, caFile: api.tls.caFile, proxyURL: api.proxyURL?.reveal(),
                    userAgent: "integration-bridge/\(Bridge.version)",
                    keptHeaders: ClientConfiguration.neededHeaders,
                    // One more for token exchanges: they must not wait for the calls that wait for them.
                    maximumConnections: lookup.maxInFlight + (api.auth == .sts ? 1 : 0), acceptEncoding: true))
        } catch {
            throw BridgeError(code: .configuration, message: "api: \(error.message)", cause: error)
        }
        let exchange = TokenExchange(
            identityPoolID: api.sts.identityPoolID ?? "", expiresIn: api.sts.expiresIn, timeout: api.timeout,
            transport: transport)
        let credentials = try CredentialStore(
            api, exchange: { token throws(TokenExchangeError) in try await exchange.token(for: token) }, log: log)
        var client = ClientConfiguration(baseURL: api.baseURL) { credentials.current?.credentials ?? .none }
        client.attemptTimeout = api.timeout
        return (transport, Client(configuration: client, transport: transport), credentials)
    }
}
