import CURLTransport
import JSONText
import NotificationsAPI
import Testing

@Suite("Answers of the API")
struct AnswerTests {
    private func lookup(_ response: HTTPResponse) async throws -> LookupAnswer {
        try await Samples.client(StubTransport(response)).lookup(id: "i-1")
    }

    /// The reason and document of an answer that is none; the document is valid by the schema.
    private func failure(
        _ answer: LookupAnswer, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> (reason: LookupFailureReason, errors: [APIError]) {
        guard case .failure(let reason, let failure) = answer.result else {
            Issue.record("an integration came", sourceLocation: sourceLocation)
            throw CancellationError()
        }
        #expect(FailureSchema.faults(failure.json) == [], sourceLocation: sourceLocation)
        #expect(!failure.json.description.contains("s3cr3t"), sourceLocation: sourceLocation)
        #expect(!failure.summary.isEmpty, sourceLocation: sourceLocation)
        return (reason, failure.errors)
    }

    @Test("200 with the Integration is resolved, byte for byte as it came, with the call's request id")
    func resolves() async throws {
        let answer = try await lookup(HTTPResponse(200, Samples.integration, [("x-request-id", "r-1")]))
        guard case .integration(let document) = answer.result else {
            Issue.record("\(answer.result)")
            return
        }
        #expect(String(decoding: document.bytes, as: UTF8.self) == Samples.integration)
        #expect(answer.status == 200 && answer.requestID == "r-1")
    }

    @Test(
        "A 200 that is not the Integration asked for is an invalid response, whose text shows nothing of the body",
        arguments: [
            "", " ", "s3cr3t", "<html>s3cr3t</html>", "[]", "null", "{}", Samples.document(id: "s3cr3t"),
            String(Samples.integration.dropLast()), Samples.integration + "x", "\u{1f}\u{8b}",
        ])
    func invalid(body: String) async throws {
        let (reason, errors) = try failure(try await lookup(HTTPResponse(200, body)))
        #expect(reason == .invalidResponse)
        #expect(errors.map(\.code) == ["invalid_response"])
    }

    @Test(
        "Each status has its reason, with and without a document",
        arguments: [
            (400, .badRequest), (401, .unauthorized), (402, .badRequest), (403, .forbidden), (404, .notFound),
            (405, .badRequest), (408, .timeout), (409, .badRequest), (410, .badRequest), (418, .badRequest),
            (422, .badRequest), (429, .rateLimited), (451, .badRequest), (499, .badRequest), (500, .serverError),
            (501, .serverError), (502, .serverError), (503, .serverError), (504, .serverError), (599, .serverError),
            (201, .invalidResponse), (204, .invalidResponse), (206, .invalidResponse), (304, .invalidResponse),
            (300, .invalidResponse), (100, .invalidResponse),
        ] as [(Int, LookupFailureReason)])
    func reasons(status: Int, expected: LookupFailureReason) async throws {
        for body in ["", "<html><title>s3cr3t</title></html>", #"{"errors":[{"detail":"no"}]}"#, "s3cr3t", "[1]", "7"] {
            let answer = try await lookup(HTTPResponse(status, body, [("x-request-id", "r")]))
            let (reason, errors) = try failure(answer)
            #expect(reason == expected)
            #expect(answer.status == status && answer.requestID == "r")
            #expect(errors.allSatisfy { $0.status == "\(status)" })
        }
    }

    @Test("A reason says whether the same lookup may succeed later")
    func retriable() {
        let retriable = Set(LookupFailureReason.allCases.filter(\.isRetriable))
        #expect(
            retriable == [.rateLimited, .serverError, .timeout, .transport, .invalidResponse, .unauthorized])
    }

    @Test(
        "A 403 about the API key is the credentials' fault; any other is the record's",
        arguments: [
            (
                #"{"errors":[{"status":"403","detail":"invalid API key: make sure you're using a Cloud API Key"}]}"#,
                true
            ),
            (#"{"error":{"code":403,"message":"Invalid API Key"}}"#, true), ("INVALID API KEY", true),
            (#"{"errors":[{"status":"403","detail":"The integration was not found."}]}"#, false), ("", false),
            (#"{"errors":[{"detail":"the API key may not read this"}]}"#, false),
        ])
    func forbidden(body: String, isUnauthorized: Bool) async throws {
        let (reason, _) = try failure(try await lookup(HTTPResponse(403, body)))
        #expect(reason == (isUnauthorized ? .unauthorized : .forbidden))
    }

    @Test(
        "No answer is a timeout, a broken answer or the transport's fault, and never a thrown error",
        arguments: [
            (.timeout, .timeout), (.nameResolution, .transport), (.connect, .transport), (.connectionLost, .transport),
            (.tls, .transport), (.bodyTooLarge, .invalidResponse), (.invalidResponse, .invalidResponse),
            (.invalidRequest, .transport),
        ] as [(HTTPTransportError.Code, LookupFailureReason)])
    func transportFaults(code: HTTPTransportError.Code, expected: LookupFailureReason) async throws {
        let client = Samples.client(StubTransport(code, "failed at https://proxy.example.com/s3cr3t"))
        let answer = try await client.lookup(id: "i-1")
        let (reason, errors) = try failure(answer)
        #expect(reason == expected)
        #expect(answer.status == nil && answer.requestID == nil)
        #expect(errors.map(\.code) == [code.description])
        #expect(errors.first?.detail?.contains("proxy.example.com") == true)
    }

    @Test(
        "An answer that did not come whole keeps its status, request id, quota and Retry-After",
        arguments: [
            (.connectionLost, .transport), (.timeout, .timeout), (.bodyTooLarge, .invalidResponse),
            (.invalidResponse, .invalidResponse),
        ] as [(HTTPTransportError.Code, LookupFailureReason)])
    func cutOff(code: HTTPTransportError.Code, expected: LookupFailureReason) async throws {
        let head = HTTPResponse(
            200, "",
            [
                ("x-request-id", "r-1"), ("x-ratelimit-limit", "10"), ("x-ratelimit-remaining", "7"),
                ("x-ratelimit-reset", "30"), ("retry-after", "5"),
            ])
        let transport = StubTransport { _, _ in
            .failure(HTTPTransportError(code: code, message: "cut off", head: head))
        }
        let answer = try await Samples.client(transport).lookup(id: "i-1")
        let (reason, errors) = try failure(answer)
        #expect(reason == expected)
        #expect(errors.map(\.code) == [code.description])
        #expect(answer.status == 200 && answer.requestID == "r-1")
        #expect(answer.rateLimit?.limit == 10 && answer.rateLimit?.remaining == 7)
        #expect(answer.retryAfter == .after(.seconds(5)))
    }

    @Test("A cancelled call throws the cancellation, so that it is never mistaken for an answer")
    func cancelled() async throws {
        for code in [HTTPTransportError.Code.cancelled, .shutDown] {
            await #expect(throws: CancellationError.self) {
                _ = try await Samples.client(StubTransport(code)).lookup(id: "i-1")
            }
        }
    }

    @Test("The throwing form gives the same document, reason, status and request id")
    func throwingForm() async throws {
        let body = #"{"errors":[{"status":"404","title":"Not Found"}]}"#
        let client = Samples.client(StubTransport(HTTPResponse(404, body, [("x-request-id", "r-9")])))
        let error = await #expect(throws: NotificationsAPIError.self) { _ = try await client.integration(id: "i-1") }
        #expect(error?.reason == .notFound && error?.isRetriable == false)
        #expect(error?.status == 404 && error?.requestID == "r-9")
        #expect(error?.failure.json.description == body)
        #expect(error?.description == "not_found: 404: Not Found")
        let found = try await Samples.client(StubTransport(HTTPResponse(200, Samples.integration))).integration(
            id: "i-1")
        #expect(try found.integration().displayName == "Ops")
    }
}
