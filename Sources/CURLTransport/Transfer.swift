/// One request on its way.
///
/// Unchecked: apart from what is constant, only the thread of the loop it was given to touches it.
final class Transfer: @unchecked Sendable {
    typealias Outcome = Result<HTTPResponse, HTTPTransportError>

    let request: HTTPRequest
    var continuation: UnsafeContinuation<Outcome, Never>?
    /// Its handle, once it runs.
    var easy: EasyHandle?
    /// When it is given up, where it waits for a free connection.
    var deadline: ContinuousClock.Instant?
    /// The kept fields of the response.
    var fields: [(name: String, value: String)] = []
    var body: [UInt8] = []
    var isTooLarge = false
    var isCancelled = false
    /// The blank line was there: what follows are the body, and trailers, which are not kept.
    private var hasAllFields = false

    init(_ request: HTTPRequest) {
        self.request = request
    }

    /// Takes a line of the response's head.
    func take(line: UnsafeRawBufferPointer, keeping kept: KeptFields) {
        if line.starts(with: Self.statusLine) {
            // Another response begins, after an interim one (1xx).
            fields.removeAll()
            hasAllFields = false
        } else if line.count <= 2 {
            hasAllFields = true
        } else if !hasAllFields, let field = kept.field(in: line) {
            fields.append(field)
        }
    }

    private static let statusLine = Array("HTTP/".utf8)

    /// Takes a part of the body; false where it becomes larger than it may be.
    func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        guard body.count + bytes.count <= request.maximumBodySize else {
            isTooLarge = true
            return false
        }
        body.append(contentsOf: bytes)
        return true
    }
}
