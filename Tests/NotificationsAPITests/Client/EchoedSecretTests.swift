import CURLTransport
import Foundation
import JSONText
import Synchronization
import Testing

@testable import NotificationsAPI

@Suite("Servers that repeat the credentials that they refuse")
struct EchoedSecretTests {
    /// Longer than any token need be, and no secret.
    private static let resource =
        "organization=9bb441c4-edef-46ac-8a41-c49e44a3fd9a/environment=env-123456/cloud-cluster=lkc-123456"

    static let credentials: [Credentials] = [
        .apiKey(key: "ABCDEFGHIJ123456", secret: "hush+Sh/0123456789abcdefghij"), .apiKey(key: "K", secret: "hush!"),
        .apiKey(key: "K", secret: "hush7"), .bearer(token: "hush-0123456789.abcdefgh"), .bearer(token: "eyJhush.e30.x"),
    ]

    private func secret(_ credentials: Credentials) -> String {
        switch credentials {
        case .none: ""
        case .apiKey(_, let secret): secret
        case .bearer(let token): token
        }
    }

    /// An error that says so everywhere.
    private func body(_ text: String) -> String {
        let members = ["id", "status", "code", "title", "detail", "message"].map { JSONValue.Member($0, .string(text)) }
        let source = JSONValue.object([.init("pointer", .string(text)), .init("parameter", .string(text))])
        return JSONValue.object([.init("errors", .array([.object(members + [.init("source", source)])]))]).description
    }

    private func failure(_ answer: LookupAnswer) throws -> Failure {
        guard case .failure(_, let failure) = answer.result else { throw CancellationError() }
        #expect(FailureSchema.faults(failure.json) == [])
        return failure
    }

    @Test("400, 401 and 403 lose the secret or token, and keep all else", arguments: credentials, [400, 401, 403])
    func cut(credentials: Credentials, status: Int) async throws {
        let text = "invalid '\(secret(credentials))' for crn:\(Self.resource), key ABCDEFGHIJ123456"
        let client = Samples.client(StubTransport(HTTPResponse(status, body(text))), credentials: credentials)
        let failure = try failure(try await client.lookup(id: "i-1"))
        #expect(!failure.json.description.contains("hush"))
        let error = failure.errors[0]
        for part in [
            error.id, error.status, error.code, error.title, error.detail, error.message, error.source?.pointer,
        ] {
            let part = try #require(part)
            #expect(part.contains("***") && part.contains(Self.resource) && part.contains("key ABCDEFGHIJ123456"))
        }
        #expect(!failure.summary.contains("hush"))
    }

    @Test("The words of a crn are not taken for a token, however long")
    func resources() {
        let crn = "crn://confluent.cloud/\(Self.resource)"
        #expect(TokenText.cut("no \(crn)", "hush-0123456789", cutsLongWords: false) == "no \(crn)")
    }

    @Test("The field that was sent, as base64 has it, is cut too", arguments: credentials)
    func basic(credentials: Credentials) async throws {
        let sent = try #require(credentials.authorization?.split(separator: " ").last)
        let response = HTTPResponse(401, body("refused: \(sent)"))
        let client = Samples.client(StubTransport(response), credentials: credentials)
        #expect(try failure(try await client.lookup(id: "i-1")).errors[0].detail == "refused: ***")
    }

    @Test("What was sent is cut, also where there are other credentials, or none, when the answer comes")
    func changed() async throws {
        for later in [Credentials.bearer(token: "another-9876543210"), .none] {
            let current = Mutex(Credentials.bearer(token: "hush-0123456789"))
            let transport = StubTransport { _, _ in
                current.withLock { $0 = later }
                return .success(HTTPResponse(401, self.body("no: hush-0123456789")))
            }
            let configuration = ClientConfiguration(baseURL: "https://api.example.com") { current.withLock { $0 } }
            let client = Client(configuration: configuration, transport: transport)
            #expect(try failure(try await client.lookup(id: "i-1")).errors[0].detail == "no: ***")
        }
    }

    @Test("The listing, as `check` asks for it, loses them too", arguments: [400, 401, 403])
    func listing(status: Int) async throws {
        let credentials = Credentials.apiKey(key: "K", secret: "hush-0123456789")
        let response = HTTPResponse(status, body("no: hush-0123456789"))
        let client = Samples.client(StubTransport(response), credentials: credentials)
        let error = await #expect(throws: NotificationsAPIError.self) { _ = try await client.list() }
        #expect(error?.failure.errors[0].detail == "no: ***")
    }
}
