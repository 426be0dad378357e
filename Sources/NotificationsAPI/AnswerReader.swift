internal import CURLTransport
internal import JSONText

/// Makes an answer of whatever came, leniently: the envelopes that servers and gateways really send.
enum AnswerReader {
    static func answer(_ response: HTTPResponse, _ result: LookupAnswer.Result) -> LookupAnswer {
        LookupAnswer(
            status: response.status, requestID: response.header("x-request-id"), rateLimit: RateLimit(response),
            retryAfter: response.header("retry-after").flatMap(RetryAfter.init), result: result)
    }

    /// Of a response that is not 200.
    static func failure(_ response: HTTPResponse) -> LookupAnswer {
        answer(response, .failure(reason(response), document(response)))
    }

    /// Of a call without a whole response.
    static func failure(_ error: HTTPTransportError) -> LookupAnswer {
        let reason: LookupFailureReason =
            switch error.code {
            case .timeout: .timeout
            case .bodyTooLarge, .invalidResponse: .invalidResponse
            default: .transport
            }
        let failure = Failure(
            code: error.code.description,
            title: reason == .invalidResponse ? "Invalid response" : "No answer from the API", detail: error.message)
        // The head of an answer that was cut off is worth something: the request's id, and what is left of the quota.
        return error.head.map { answer($0, .failure(reason, failure)) }
            ?? LookupAnswer(result: .failure(reason, failure))
    }

    static func badRedirect(_ response: HTTPResponse, _ what: String) -> LookupAnswer {
        answer(
            response,
            .failure(
                .invalidResponse,
                Failure(
                    code: "invalid_response", title: "Invalid response",
                    detail: "The API answered \(response.status) with \(what).", status: response.status)))
    }

    static func error(_ answer: LookupAnswer) -> NotificationsAPIError {
        guard case .failure(let reason, let failure) = answer.result else {
            return NotificationsAPIError(
                reason: .invalidResponse,
                failure: Failure(code: "invalid_response", title: "Invalid response", detail: "An unexpected answer."),
                status: answer.status, requestID: answer.requestID)
        }
        return NotificationsAPIError(
            reason: reason, failure: failure, status: answer.status, requestID: answer.requestID)
    }

    private static func reason(_ response: HTTPResponse) -> LookupFailureReason {
        switch response.status {
        case 401: .unauthorized
        case 403: saysInvalidKey(response.body) ? .unauthorized : .forbidden
        case 404: .notFound
        case 408: .timeout
        case 429: .rateLimited
        case 400..<500: .badRequest
        case 500..<600: .serverError
        default: .invalidResponse
        }
    }

    private static func saysInvalidKey(_ body: [UInt8]) -> Bool {
        String(decoding: body.prefix(64 * 1024), as: UTF8.self).lowercased().contains("invalid api key")
    }

    /// The API's own errors; one of ours where there are none that can be read.
    private static func document(_ response: HTTPResponse) -> Failure {
        let status = response.status
        if let json = try? JSONValue(parsing: response.body) {
            let errors = (json["errors"]?.elements ?? envelopes(json)).filter { $0.members != nil }
                .map(APIError.init(lenient:)).filter { !$0.isEmpty }
                .map { error in
                    var error = error
                    if error.status == nil { error.status = "\(status)" }
                    return error
                }
            if !errors.isEmpty { return Failure(errors: errors) }
        }
        return Failure(
            code: LookupFailureReason.invalidResponse == reason(response) ? "invalid_response" : "http_\(status)",
            title: "The API answered \(status)", detail: describe("no error document came with it", response.body),
            status: status)
    }

    /// `{"error":{...}}`, `{"error":"..."}`, and `{"error_code":N,"message":"..."}`.
    private static func envelopes(_ json: JSONValue) -> [JSONValue] {
        switch json["error"] {
        case .some(.object(let members)): [.object(members)]
        case .some(.string(let text)): [.object([.init("message", .string(text))])]
        default: [json]
        }
    }

    /// A text, with what kind of body there was; never the body itself.
    static func describe(_ text: String, _ body: [UInt8]) -> String {
        if body.isEmpty { return text + " (the body is empty)" }
        if body.starts(with: [0x1f, 0x8b]) { return text + " (the body is gzip without a Content-Encoding)" }
        let start = body.prefix(512).drop { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0d) }
        if start.first == UInt8(ascii: "<") { return text + " (the body is HTML or XML)" }
        return text + " (the body has \(body.count) bytes)"
    }
}
