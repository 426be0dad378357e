/// The seam between the API's client and the network, small enough for a test double.
public protocol HTTPTransport: Sendable {
    /// Sends one request and returns the response, whatever its status; redirects are not followed.
    ///
    /// Cancelling the calling task ends the transfer and throws ``HTTPTransportError/Code/cancelled``.
    func execute(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse
}
