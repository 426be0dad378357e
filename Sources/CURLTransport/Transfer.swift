/// One request on its way.
///
/// Unchecked: apart from what is constant, only the thread of the loop it was given to touches it.
final class Transfer: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    let request: HTTPRequest
    let deadline: ContinuousClock.Instant
    var continuation: UnsafeContinuation<Outcome, Never>?
    var easy: EasyHandle?
    var headers: HeaderList?
    var body: [UInt8] = []
    var isTooLarge = false
    var isCancelled = false

    init(_ request: HTTPRequest) {
        self.request = request
        deadline = .now + request.timeout
    }
}
