internal import Foundation

/// Which redirects are followed: at most three, to the same host and port, and over https where the API is.
struct RedirectRule: Sendable {
    static let maximum = 3
    static let statuses: Set<Int> = [301, 302, 303, 307, 308]

    private let base: URL?

    init(baseURL: String) {
        base = URL(string: baseURL)
    }

    /// Path and query below the base URL of where a location leads; `nil` where it must not be followed.
    func target(of location: String, from target: String) -> String? {
        guard let base, let current = URL(string: prefix + target, relativeTo: base)?.absoluteURL,
            let next = URL(string: location, relativeTo: current)?.absoluteURL,
            let scheme = next.scheme?.lowercased(), scheme == "https" || scheme == base.scheme?.lowercased(),
            next.host?.lowercased() == base.host?.lowercased(), Self.port(next) == Self.port(base),
            next.user == nil, let parts = URLComponents(url: next, resolvingAgainstBaseURL: true),
            parts.percentEncodedPath.hasPrefix(prefix + "/"), !Self.hasDotSegment(parts.percentEncodedPath)
        else { return nil }
        let path = String(parts.percentEncodedPath.dropFirst(prefix.count))
        return parts.percentEncodedQuery.map { path + "?" + $0 } ?? path
    }

    private var prefix: String {
        guard let path = base?.path(percentEncoded: true) else { return "" }
        return String(path.reversed().drop { $0 == "/" }.reversed())
    }

    /// Whether a transport that resolves dots could leave the base URL's path.
    private static func hasDotSegment(_ path: String) -> Bool {
        let segments = path.lowercased().replacingOccurrences(of: "%2e", with: ".").split(separator: "/")
        return segments.contains(".") || segments.contains("..")
    }

    private static func port(_ url: URL) -> Int {
        url.port ?? (url.scheme?.lowercased() == "https" ? 443 : 80)
    }
}
