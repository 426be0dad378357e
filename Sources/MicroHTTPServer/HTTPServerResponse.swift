/// What a handler answers.
public struct HTTPServerResponse: Sendable {
    /// The status code.
    public var status: Int
    /// The header fields; lengths are set by the server.
    public var headers: [(name: String, value: String)]
    /// The body.
    public var body: [UInt8]

    /// Creates a response.
    public init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
