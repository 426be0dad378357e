import CURLTransport
import JSONText
import NotificationsAPI
import Testing

@Suite("Redirects")
struct RedirectTests {
    private static let start = "/notifications/v1/integrations/i-1"

    /// What was asked for when the first answer is a redirect to the location, and every later one the integration.
    private func follow(
        _ location: String?, status: Int = 302, baseURL: String = "https://api.example.com"
    ) async throws -> (targets: [String], answer: LookupAnswer) {
        let transport = StubTransport { _, call in
            guard call == 0 else { return .success(HTTPResponse(200, Samples.integration)) }
            return .success(
                HTTPResponse(status, "", location.map { [("location", $0), ("x-request-id", "r-1")] } ?? []))
        }
        let client = Samples.client(transport, baseURL: baseURL, credentials: .apiKey(key: "k", secret: "s3cr3t"))
        let answer = try await client.lookup(id: "i-1")
        return (transport.targets, answer)
    }

    @Test(
        "A redirect to the same host over https is followed",
        arguments: [
            ("/v2/x", "/v2/x"), ("https://api.example.com/v2/x?a=b%20c", "/v2/x?a=b%20c"),
            ("i-2", "/notifications/v1/integrations/i-2"),
            ("../x", "/notifications/v1/x"), ("https://API.Example.COM:443/y", "/y"), ("//api.example.com/z", "/z"),
            ("?q=1", "/notifications/v1/integrations/i-1?q=1"), ("/a%2Fb", "/a%2Fb"), ("/x#fragment", "/x"),
        ])
    func follows(location: String, target: String) async throws {
        for status in [301, 302, 303, 307, 308] {
            let (targets, answer) = try await follow(location, status: status)
            #expect(targets == [Self.start, target])
            guard case .integration = answer.result else {
                Issue.record("\(answer.result)")
                continue
            }
        }
    }

    @Test(
        "A redirect elsewhere is never followed, so that no credentials leave the host or its encryption",
        arguments: [
            "https://evil.example.org/x", "https://api.example.com.evil.org/x", "https://api.example.com@evil.org/x",
            "//evil.example.org/x", "http://api.example.com/x", "http://api.example.com:443/x",
            "https://api.example.com:8443/x", "https://u:p@api.example.com/x", "ftp://api.example.com/x", "https:///x",
            "https://sub.api.example.com/x", "javascript:alert(1)", "file:///etc/passwd", "https://xapi.example.com/",
            "\\\\evil.example.org\\x", "https://api.example.com\\@evil.org/x", "",
        ])
    func refuses(location: String) async throws {
        let (targets, answer) = try await follow(location)
        // A location that is a mere relative path stays on the host; whatever it is, no other host is asked.
        guard targets.count == 1 else {
            #expect(targets.allSatisfy { $0.hasPrefix("/") })
            #expect(["", "\\\\evil.example.org\\x"].contains(location))
            return
        }
        guard case .failure(.invalidResponse, let failure) = answer.result else {
            Issue.record("\(answer.result)")
            return
        }
        #expect(answer.status == 302 && answer.requestID == "r-1")
        #expect(FailureSchema.faults(failure.json) == [])
        #expect(!failure.json.description.contains("evil"))
    }

    @Test("A redirect without a location is an invalid response")
    func noLocation() async throws {
        let (targets, answer) = try await follow(nil)
        #expect(targets.count == 1)
        guard case .failure(.invalidResponse, _) = answer.result else {
            Issue.record("\(answer.result)")
            return
        }
    }

    @Test("Three redirects are followed, and a fourth is an invalid response with its status")
    func limitsRedirects() async throws {
        for (redirects, isFound) in [(3, true), (4, false), (.max, false)] {
            let transport = StubTransport { _, call in
                call < redirects
                    ? .success(HTTPResponse(307, "", [("location", "/hop/\(call)"), ("x-request-id", "r")]))
                    : .success(HTTPResponse(200, Samples.integration))
            }
            let answer = try await Samples.client(transport).lookup(id: "i-1")
            #expect(transport.targets == [Self.start, "/hop/0", "/hop/1", "/hop/2"])
            guard case .integration = answer.result else {
                #expect(!isFound && answer.status == 307 && answer.requestID == "r")
                continue
            }
            #expect(isFound)
        }
    }

    @Test("Redirects share the time of one attempt: each gets what is left of it, and at least a millisecond")
    func time() async throws {
        func timeouts(within time: Duration) async throws -> [Duration] {
            let transport = StubTransport { _, call in
                .success(HTTPResponse(307, "", [("location", "/hop/\(call)")]))
            }
            var configuration = ClientConfiguration(baseURL: "https://api.example.com", credentials: .none)
            configuration.attemptTimeout = time
            _ = try await Client(configuration: configuration, transport: transport).lookup(id: "i-1")
            return transport.requests.map(\.timeout)
        }
        let start = ContinuousClock.now
        let shared = try await timeouts(within: .seconds(600))
        let spent = ContinuousClock.now - start
        #expect(shared.count == 4 && shared[0] == .seconds(600))
        for (earlier, later) in zip(shared, shared.dropFirst()) { #expect(later < earlier) }
        #expect(try #require(shared.last) >= .seconds(600) - spent)
        let least = try await timeouts(within: .nanoseconds(1)).dropFirst()
        #expect(Array(least) == Array(repeating: .milliseconds(1), count: 3))
    }

    @Test("Below a base URL with a path only what stays below it is followed, relative to the whole of it")
    func basePath() async throws {
        let base = "https://gateway.example.com/confluent/"
        #expect(try await follow("/confluent/x", baseURL: base).targets == [Self.start, "/x"])
        #expect(try await follow("i-2", baseURL: base).targets == [Self.start, "/notifications/v1/integrations/i-2"])
        for location in [
            "/x", "/confluentx/y", "/confluent/../x", "https://gateway.example.com/confluent/../x",
            "/confluent/%2E%2e/x",
        ] {
            #expect(try await follow(location, baseURL: base).targets == [Self.start], "\(location)")
        }
    }

    @Test("An API on plain http, as in tests, may redirect on the same port")
    func plainHTTP() async throws {
        let base = "http://localhost:8080"
        #expect(try await follow("http://localhost:8080/x", baseURL: base).targets == [Self.start, "/x"])
        #expect(try await follow("http://localhost/x", baseURL: base).targets == [Self.start])
    }
}
