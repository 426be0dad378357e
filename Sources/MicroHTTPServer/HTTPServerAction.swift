/// What a server does about a request: answers, or misbehaves as ordered.
public enum HTTPServerAction: Sendable {
    /// Answers at once.
    case respond(HTTPServerResponse)
    /// Answers after a time; no thread waits for it.
    case respondLater(HTTPServerResponse, after: Duration)
    /// Closes the connection without an answer.
    case close
    /// Resets the connection.
    case reset
    /// Never answers, until the server stops.
    case hang
    /// Announces a longer body than it sends, and closes the connection.
    case truncate(HTTPServerResponse, announced: Int)
}
