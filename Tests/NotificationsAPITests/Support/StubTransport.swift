import CURLTransport
import Synchronization

/// A transport that answers from a function, and remembers what was asked.
final class StubTransport: HTTPTransport {
    typealias Answer = Result<HTTPResponse, HTTPTransportError>

    private let seen = Mutex<[HTTPRequest]>([])
    private let answer: @Sendable (HTTPRequest, _ call: Int) -> Answer

    /// - Parameter answer: called with each request and the number of those before it.
    init(_ answer: @escaping @Sendable (HTTPRequest, Int) -> Answer) {
        self.answer = answer
    }

    convenience init(_ response: HTTPResponse) {
        self.init { _, _ in .success(response) }
    }

    convenience init(_ code: HTTPTransportError.Code, _ message: String = "no luck with api.example.com") {
        self.init { _, _ in .failure(HTTPTransportError(code: code, message: message)) }
    }

    var requests: [HTTPRequest] { seen.withLock { $0 } }
    var targets: [String] { requests.map(\.target) }

    func execute(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let call = seen.withLock { seen in
            seen.append(request)
            return seen.count - 1
        }
        return try answer(request, call).get()
    }
}

extension HTTPResponse {
    /// A response with a text as its body.
    init(_ status: Int, _ body: String = "", _ headers: [(name: String, value: String)] = []) {
        self.init(status: status, headers: headers, body: Array(body.utf8))
    }
}
