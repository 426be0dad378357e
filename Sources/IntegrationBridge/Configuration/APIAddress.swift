/// Which URLs the API and its proxy may have.
enum APIAddress {
    /// Why the URL cannot be the API's; nil where it can. The text never holds what may be credentials.
    static func refusal(of text: String, allowInsecure: Bool) -> String? {
        guard let parts = URLParts(text) else { return "is no URL; give https://host, with a path where there is one" }
        if parts.userInfo != nil { return "holds a user name; give credentials by api.key and api.secretFile" }
        if parts.hasQueryOrFragment { return "holds a query or a fragment; end it at the path" }
        switch parts.scheme {
        case "https": return nil
        case "http" where allowInsecure || parts.isLoopback: return nil
        case "http":
            return
                "\(QuotedText.of(text)) is plain http to other than loopback; use https, or set api.allowInsecure to true"
        default: return "\(QuotedText.of(parts.scheme)) is no scheme for the API; use https"
        }
    }

    /// Why the URL cannot be the proxy's; nil where it can. The text never holds what may be credentials.
    static func refusal(ofProxy text: String) -> String? {
        let form = "give http://host:port or http://user:password@host:port"
        guard let parts = URLParts(text) else {
            return "is no URL; \(form), with '@', ':', '/', '?' and '#' of a password percent-encoded"
        }
        if parts.scheme != "http" { return "is no http URL; \(form)" }
        // Else libcurl would go to port 1080.
        if !parts.hasPort { return "names no port; \(form)" }
        if parts.hasQueryOrFragment || !["", "/"].contains(parts.path) {
            return "holds more than host and port; \(form)"
        }
        return nil
    }
}
