import CURLTransport
import NotificationsAPI
import Synchronization
import Testing

@Suite("Requests to the API")
struct RequestTests {
    private let notFound = HTTPResponse(404)

    @Test(
        "An id is one path segment: unreserved characters stay, every other byte is percent-encoded",
        arguments: [
            ("i-12345", "i-12345"), ("AZaz09-._~", "AZaz09-._~"), ("a/b", "a%2Fb"), ("50%", "50%25"), ("a b", "a%20b"),
            ("é", "%C3%A9"), ("😀", "%F0%9F%98%80"), ("a?b#c", "a%3Fb%23c"), ("%2F", "%252F"), ("...", "..."),
            ("../x", "..%2Fx"), ("a+b&c=d;e:f@g", "a%2Bb%26c%3Dd%3Be%3Af%40g"), ("\u{FEFF}", "%EF%BB%BF"),
            (String(repeating: "é", count: 255), String(repeating: "%C3%A9", count: 255)),
        ])
    func encodesID(id: String, segment: String) async throws {
        let transport = StubTransport(notFound)
        _ = try await Samples.client(transport).lookup(id: id)
        #expect(transport.targets == ["/notifications/v1/integrations/" + segment])
    }

    @Test(
        "An id that no URL can carry is a bad request without any call",
        arguments: [
            "", ".", "..", "a\nb", "\u{0}", "\u{7F}", "a\u{85}", "\t", String(repeating: "a", count: 256),
            String(repeating: "e\u{301}", count: 128),
        ])
    func refusesID(id: String) async throws {
        let transport = StubTransport(notFound)
        let answer = try await Samples.client(transport).lookup(id: id)
        guard case .failure(let reason, let failure) = answer.result else { throw CancellationError() }
        #expect(reason == .badRequest && FailureSchema.faults(failure.json) == [])
        #expect(answer.status == nil && transport.requests.isEmpty)
    }

    @Test("The API key goes as Basic credentials, by the published test vector, and asks for JSON")
    func basicAuthentication() async throws {
        let transport = StubTransport(notFound)
        let credentials = Credentials.apiKey(
            key: "ABCDEFGH123456789", secret: "XNCIW93I2L1SQPJSJ823K1LS902KLDFMCZPWEO")
        _ = try await Samples.client(transport, credentials: credentials).lookup(id: "i-1")
        let expected =
            "Basic QUJDREVGR0gxMjM0NTY3ODk6WE5DSVc5M0kyTDFTUVBKU0o4MjNLMUxTOTAyS0xERk1DWlBXRU8="
        #expect(fields(transport, "authorization") == [expected])
        #expect(fields(transport, "accept") == ["application/json"])
    }

    @Test("Without credentials nothing is sent in their place")
    func noCredentials() async throws {
        let transport = StubTransport(notFound)
        _ = try await Samples.client(transport).lookup(id: "i-1")
        #expect(fields(transport, "authorization") == [])
    }

    @Test("A changed secret is used from the next call on; while it stays, the prepared fields are shared")
    func rotatesCredentials() async throws {
        let secret = Mutex("a")
        let transport = StubTransport(notFound)
        let configuration = ClientConfiguration(baseURL: "https://api.example.com") {
            .apiKey(key: "k", secret: secret.withLock { $0 })
        }
        let client = Client(configuration: configuration, transport: transport)
        for _ in 0..<2 { _ = try await client.lookup(id: "i-1") }
        secret.withLock { $0 = "b" }
        _ = try await client.lookup(id: "i-1")
        #expect(fields(transport, "authorization") == ["Basic azph", "Basic azph", "Basic azpi"])
        let requests = transport.requests
        #expect(requests[0].headers === requests[1].headers)
    }

    @Test("Credentials show no secret, in no form of text")
    func credentialsHideSecrets() {
        let credentials = Credentials.apiKey(key: "k", secret: "s3cr3t")
        var dumped = ""
        dump(credentials, to: &dumped)
        for text in ["\(credentials)", String(reflecting: credentials), dumped, "\(Optional(credentials) as Any)"] {
            #expect(!text.contains("s3cr3t"))
            #expect(text.contains("k"))
        }
    }

    @Test("Each call is bounded in time and size as configured")
    func bounds() async throws {
        let transport = StubTransport(notFound)
        var configuration = ClientConfiguration(baseURL: "https://api.example.com", credentials: .none)
        configuration.attemptTimeout = .milliseconds(1234)
        configuration.maximumBodySize = 77
        _ = try await Client(configuration: configuration, transport: transport).lookup(id: "i-1")
        let request = try #require(transport.requests.first)
        #expect(request.timeout == .milliseconds(1234) && request.maximumBodySize == 77 && request.method == .get)
    }

    @Test(
        "A page's token is one value of the query, and its size stays within the API's bounds",
        arguments: [(0, 1), (1, 1), (250, 250), (251, 250)])
    func lists(asked: Int, sent: Int) async throws {
        let body =
            #"{"data":[{"id":"i-1"}],"metadata":{"next":"https://api.example.com/x?a=b&page_token=p%2B%26%C3%A9"}}"#
        let transport = StubTransport(HTTPResponse(200, body, [("x-ratelimit-remaining", "4")]))
        let client = Samples.client(transport)
        let page = try await client.list(pageSize: asked)
        #expect(page.nextPageToken == "p+&é" && page.items.count == 1 && page.rateLimit?.remaining == 4)
        _ = try await client.list(pageSize: asked, pageToken: page.nextPageToken)
        let target = "/notifications/v1/integrations?page_size=\(sent)"
        #expect(transport.targets == [target, target + "&page_token=p%2B%26%C3%A9"])
    }

    @Test(
        "The listing ends where there is no next page, or one on another host",
        arguments: [
            #"{"data":[]}"#, #"{"data":[],"metadata":{"next":null}}"#, #"{"data":[],"metadata":{"next":""}}"#,
            #"{"data":[],"metadata":{"next":"https://evil.example.org/x?page_token=p"}}"#,
            #"{"data":[],"metadata":{"next":"http://api.example.com/x?page_token=p"}}"#,
        ])
    func endsListing(body: String) async throws {
        #expect(try await Samples.client(StubTransport(HTTPResponse(200, body))).list().nextPageToken == nil)
    }

    @Test("An answer to the listing that is no page is an error with its reason")
    func refusesListing() async throws {
        for (response, reason) in [
            (HTTPResponse(200, "{}"), LookupFailureReason.invalidResponse),
            (HTTPResponse(200, "<html>"), .invalidResponse),
            (HTTPResponse(401), .unauthorized), (HTTPResponse(429), .rateLimited),
        ] {
            let error = await #expect(throws: NotificationsAPIError.self) {
                _ = try await Samples.client(StubTransport(response)).list()
            }
            #expect(error?.reason == reason && error?.status == response.status)
        }
    }

    private func fields(_ transport: StubTransport, _ name: String) -> [String] {
        transport.requests.flatMap { $0.headers.fields.filter { $0.name.lowercased() == name }.map(\.value) }
    }
}
