/// Why a server does not start.
public struct HTTPServerError: Error, Sendable, CustomStringConvertible {
    /// What went wrong, with host and port.
    public let description: String
}
