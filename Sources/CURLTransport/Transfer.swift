/// One request on its way.
///
/// `@unchecked Sendable`: apart from what is constant, only the thread of the loop it was given to touches it.
final class Transfer: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    let request: HTTPRequest
    var continuation: UnsafeContinuation<Outcome, Never>?
    /// Its handle, once it runs.
    var easy: EasyHandle?
    /// When it is given up, where it waits for a free connection.
    var deadline: ContinuousClock.Instant?
    var isCancelled = false

    init(_ request: HTTPRequest) {
        self.request = request
    }
}
