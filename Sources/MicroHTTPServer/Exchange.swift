internal import CLibMicroHTTPD

/// One request between its first byte and its answer.
///
/// `@unchecked Sendable`: touched by the daemon's thread that serves its connection, and by nobody while that is suspended
/// but for the one that resumes it.
final class Exchange: @unchecked Sendable {
    var body: [UInt8] = []
    /// The answer that was decided on and waits for its time.
    var delayed: HTTPServerResponse?
    let connection: OpaquePointer
    let server: HTTPServer.Handler

    init(_ connection: OpaquePointer, _ server: HTTPServer.Handler) {
        self.connection = connection
        self.server = server
    }
}
