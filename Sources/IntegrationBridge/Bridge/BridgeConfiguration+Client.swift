package import CURLTransport
package import NotificationsAPI

extension BridgeConfiguration {
    /// Opens a transport to the API and makes a client on it; the caller shuts the transport down.
    package func makeClient() throws(BridgeError) -> (transport: CURLTransport, client: Client) {
        let credentials = try CredentialSource(api)
        do throws(HTTPTransportError) {
            let transport = try CURLTransport(
                CURLTransportConfiguration(
                    baseURL: api.baseURL, caFile: api.tls.caFile, proxyURL: api.proxyURL?.reveal(),
                    userAgent: "integration-bridge/\(Bridge.version) (Swift)",
                    keptHeaders: ClientConfiguration.neededHeaders, maximumConnections: lookup.maxInFlight,
                    acceptEncoding: true))
            var client = ClientConfiguration(baseURL: api.baseURL) { credentials.current }
            client.attemptTimeout = api.timeout
            return (transport, Client(configuration: client, transport: transport))
        } catch {
            throw BridgeError(code: .configuration, message: "api: \(error.message)", cause: error)
        }
    }
}
