import CURLTransport
import JSONText
import NotificationsAPI
import Testing

@Suite("The token exchange")
struct TokenExchangeTests {
    private static let subject = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzZWNyZXQtdXNlciJ9.c2lnbmF0dXJlLXNlY3JldA"
    private static let issued = #"{"access_token":"tok.en-1_~+/=","token_type":"Bearer","expires_in":900}"#

    private func exchange(_ transport: StubTransport, expiresIn: Duration? = nil) -> TokenExchange {
        TokenExchange(identityPoolID: "pool 1&é", expiresIn: expiresIn, transport: transport)
    }

    private func error(_ transport: StubTransport) async -> TokenExchangeError? {
        await #expect(throws: TokenExchangeError.self) { try await exchange(transport).token(for: Self.subject) }
    }

    @Test("It is one POST of a form, encoded once, and has no Authorization")
    func request() async throws {
        let transport = StubTransport(HTTPResponse(200, Self.issued))
        let token = try await exchange(transport, expiresIn: .milliseconds(599_900)).token(for: Self.subject)
        #expect(token.credentials == .bearer(token: "tok.en-1_~+/="))
        #expect(transport.requests.count == 1)
        let request = try #require(transport.requests.first)
        #expect(request.method == .post && request.target == "/sts/v1/oauth2/token")
        #expect(request.headers.fields.map(\.name) == ["Accept", "Content-Type"])
        #expect(request.headers.fields.last?.value == "application/x-www-form-urlencoded")
        let expected = [
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange", "subject_token=\(Self.subject)",
            "identity_pool_id=pool%201%26%C3%A9", "subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt",
            "requested_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Aaccess_token", "expires_in=599",
        ]
        #expect(String(decoding: request.body ?? [], as: UTF8.self) == expected.joined(separator: "&"))
    }

    @Test("A token goes as a bearer token, and is in no text")
    func bearer() async throws {
        let transport = StubTransport(HTTPResponse(404))
        _ = try await Samples.client(transport, credentials: .bearer(token: "hush")).lookup(id: "i-1")
        #expect(transport.requests[0].headers.fields.contains { $0 == ("Authorization", "Bearer hush") })
        let token = AccessToken(token: "hush", expiresIn: .seconds(1))
        var dumped = ""
        dump((token, token.credentials), to: &dumped)
        for text in ["\(token)", String(reflecting: token), "\(token.credentials)", dumped] {
            #expect(!text.contains("hush"))
        }
    }

    @Test(
        "The answer's expires_in counts, as a number or its text; absent, it is what was asked for; a day is the most",
        arguments: [
            ("900", 900), ("60", 60), ("1", 1), ("59.9", 59), ("\"120\"", 120), ("null", 300), ("\"soon\"", 300),
            ("{}", 300), ("86401", 86_400), ("1e300", 86_400), ("99999999999999999999", 86_400),
        ])
    func lifetime(text: String, seconds: Int) async throws {
        let transport = StubTransport(HTTPResponse(200, #"{"access_token":"t","expires_in":\#(text)}"#))
        #expect(try await exchange(transport, expiresIn: .seconds(300)).token(for: "s").expiresIn == .seconds(seconds))
    }

    @Test("Without expires_in in question and answer, the API's own lifetime is taken")
    func standardLifetime() async throws {
        let transport = StubTransport(HTTPResponse(200, #"{"access_token":"t"}"#))
        #expect(try await exchange(transport).token(for: "s").expiresIn == .seconds(900))
    }

    @Test(
        "An answer that is no token that can be used is invalid, and none of it is shown",
        arguments: [
            "", "<html>hush</html>", "[]", "\"hush\"", "{}", #"{"access_token":""}"#, #"{"access_token":5}"#,
            #"{"access_token":"hush hush"}"#, #"{"access_token":"hush\r\nX: y"}"#, #"{"access_token":"hush漢"}"#,
            #"{"access_token":"hush","token_type":"N_A"}"#, #"{"access_token":"hush","token_type":7}"#,
            #"{"access_token":"hush","expires_in":0}"#, #"{"access_token":"hush","expires_in":-1}"#,
            #"{"access_token":"hush","expires_in":0.5}"#,
        ])
    func invalid(body: String) async {
        let error = await error(StubTransport(HTTPResponse(200, body)))
        #expect(error?.reason == .invalidResponse && error?.isRetriable == true)
        #expect(error.map { "\($0) \($0.failure.json)".contains("hush") } == false)
    }

    @Test(
        "A status tells whether it was refused or may succeed later",
        arguments: [
            (400, TokenExchangeError.Reason.refused), (401, .refused), (403, .refused), (404, .invalidResponse),
            (408, .timeout), (429, .rateLimited), (500, .serverError), (503, .serverError), (204, .invalidResponse),
        ])
    func statuses(status: Int, reason: TokenExchangeError.Reason) async {
        let error = await error(
            StubTransport(HTTPResponse(status, "", [("retry-after", "7"), ("x-request-id", "r-1")])))
        #expect(error?.reason == reason && error?.status == status && error?.requestID == "r-1")
        #expect(error?.isRetriable == (reason != .refused))
        #expect(error?.retryAfter == .after(.seconds(7)) || reason == .invalidResponse)
    }

    @Test("No redirect is followed: a subject token goes to one place", arguments: [301, 302, 303, 307, 308])
    func redirects(status: Int) async {
        let transport = StubTransport(HTTPResponse(status, "", [("location", "/sts/v1/oauth2/token2")]))
        #expect(await error(transport)?.reason == .invalidResponse)
        #expect(transport.requests.count == 1)
    }

    @Test(
        "Without an answer it is a timeout, the transport's fault or the end",
        arguments: [
            (HTTPTransportError.Code.timeout, TokenExchangeError.Reason.timeout), (.connect, .transport),
            (.tls, .transport), (.bodyTooLarge, .invalidResponse), (.cancelled, .cancelled), (.shutDown, .cancelled),
        ])
    func transport(code: HTTPTransportError.Code, reason: TokenExchangeError.Reason) async {
        #expect(await error(StubTransport(code))?.reason == reason)
    }

    @Test("What a server repeats of the subject token, whole or in part, is cut out of its error")
    func echo() async {
        let subject = Self.subject
        let parts = subject.split(separator: ".").map(String.init)
        let echoes = [
            subject, "Bearer \(subject)", "token=\(subject),", String(subject.prefix(24)), "…" + subject.suffix(12),
            parts[1], "\(parts[0])...", "eyJhbGciOiJub25lIn0.e30.", String(repeating: "Zz9", count: 30),
        ]
        for echo in echoes {
            let body = JSONValue.object([
                .init(
                    "errors",
                    .array([
                        .object([
                            .init("id", .string(echo)), .init("code", .string(echo)), .init("title", .string(echo)),
                            .init("detail", .string("The pool refuses '\(echo)' as a subject token.")),
                            .init("message", .string(echo)),
                            .init("source", .object([.init("parameter", .string(echo))])),
                        ])
                    ]))
            ])
            let error = await error(StubTransport(HTTPResponse(400, String(decoding: body.bytes, as: UTF8.self))))
            let text = error.map { "\($0) \($0.failure.json)" } ?? ""
            #expect(text.contains("The pool refuses") && text.contains("as a subject token."))
            for start in subject.indices.dropLast(8) {
                let piece = subject[start...].prefix(8)
                #expect(!text.contains(piece), "\(piece) in \(text)")
            }
            #expect(!text.contains("eyJ") && !text.contains("Zz9"))
        }
    }

    @Test("What is said in OAuth's own form is kept, and so are ids of requests")
    func oauth() async {
        let body =
            #"{"error":{"code":400,"message":"invalid_grant: pool pool-1 is disabled (0123456789abcdef0123456789abcdef)"}}"#
        let error = await error(StubTransport(HTTPResponse(400, body)))
        #expect(
            error?.description
                == "refused: 400: invalid_grant: pool pool-1 is disabled (0123456789abcdef0123456789abcdef)")
    }
}
