internal import Foundation

/// A base URL that was checked, and what of it may stand in messages.
struct BaseURL {
    /// `host:port`.
    let endpoint: String

    init(_ text: String) throws(HTTPTransportError) {
        func refusal(_ why: String) -> HTTPTransportError {
            // Not the URL itself: it may hold a password.
            HTTPTransportError(
                code: .invalidRequest,
                message: "the base URL \(why); it must look like https://api.example.com or http://127.0.0.1:8080/path")
        }
        guard !text.isEmpty else { throw refusal("is empty") }
        guard let parts = URLComponents(string: text) else { throw refusal("is no URL") }
        guard let scheme = parts.scheme?.lowercased(), ["http", "https"].contains(scheme) else {
            throw refusal("starts neither with https:// nor with http://")
        }
        guard let host = parts.host, !host.isEmpty else { throw refusal("has no host") }
        guard parts.user == nil, parts.password == nil else {
            throw refusal("holds a user or a password, which belong into the credentials")
        }
        guard parts.query == nil, parts.fragment == nil else { throw refusal("has a query or a fragment") }
        let port = parts.port ?? (scheme == "http" ? 80 : 443)
        guard (1...65_535).contains(port) else { throw refusal("has a port that is not 1 to 65535") }
        endpoint = "\(host):\(port)"
    }
}
