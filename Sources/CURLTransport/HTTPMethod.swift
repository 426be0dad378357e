/// The HTTP methods that the transport sends.
public enum HTTPMethod: Sendable {
    /// GET: no body.
    case get
    /// POST: with a body, empty where none is given.
    case post
}
