import CURLTransport
import JSONText
import NotificationsAPI
import NotificationsAPISimulator
import Testing

@Suite("The simulator's tokens", .timeLimit(.minutes(1)))
struct TokenTests {
    private let form = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", "a.b.c"),
        ("identity_pool_id", "pool-1"), ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
        ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
    ]

    private func exchange(
        _ api: SimulatedAPI, _ fields: [(String, String)], type: String = "application/x-www-form-urlencoded"
    ) async throws -> HTTPResponse {
        let body = fields.map { "\($0)=\($1)" }.joined(separator: "&")
        return try await api.transport.execute(
            HTTPRequest(
                method: .post, target: "/sts/v1/oauth2/token",
                headers: HTTPRequestHeaders([("Content-Type", type)]), body: Array(body.utf8), timeout: .seconds(30),
                maximumBodySize: 1 << 20))
    }

    @Test("A form that lacks a field, has it twice or wrong, or is none, is 400 and says which")
    func forms() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        for index in form.indices {
            var fields = form
            let name = fields.remove(at: index).0
            for wrong in [fields, fields + [(name, "")], form + [(name, "x")]] {
                let response = try await exchange(api, wrong)
                #expect(response.status == 400)
                let detail = try JSONValue(parsing: response.body)["errors"]?[0]?["detail"]?.string
                #expect(detail?.contains(name) == true)
            }
        }
        for seconds in ["0", "901", "x", "-1", "1.5"] {
            #expect(try await exchange(api, form + [("expires_in", seconds)]).status == 400)
        }
        #expect(try await exchange(api, form, type: "application/json").status == 400)
        #expect(try await api.get("/sts/v1/oauth2/token").status == 405)
        let json = try JSONValue(parsing: try await exchange(api, form + [("expires_in", "60")]).body)
        #expect(json["expires_in"]?.integer == 60)
        #expect(json["token_type"]?.string == "Bearer")
        #expect(json["issued_token_type"]?.string == "urn:ietf:params:oauth:token-type:access_token")
        #expect(api.simulator.counters.tokensIssued == 1)
        #expect(api.simulator.counters.exchanges == 3 * form.count + 7)
    }

    @Test("Where tokens are needed, one that was issued is let in until it is revoked or over, and nothing else is")
    func required() async throws {
        var configuration = SimulatorConfiguration()
        configuration.requiresTokens = true
        let api = try SimulatedAPI(configuration)
        defer { api.stop() }
        let exchange = TokenExchange(identityPoolID: "pool-1", expiresIn: .seconds(600), transport: api.transport)
        func status(_ authorization: String?) async throws -> HTTPResponse {
            try await api.get(
                "/notifications/v1/integrations/i-1",
                headers: authorization.map { [("Authorization", $0)] } ?? [])
        }
        func bearer(_ token: AccessToken) -> String {
            guard case .bearer(let text) = token.credentials else { return "" }
            return "Bearer " + text
        }
        let first = try await exchange.token(for: "a.b.c")
        #expect(first.expiresIn == .seconds(600))
        let second = try await exchange.token(for: "a.b.c")
        #expect(first.credentials != second.credentials)
        for authorization in [nil, "Basic x", "Bearer x", "Bearer ", "Bearer"] {
            let response = try await status(authorization)
            #expect(response.status == 401)
            #expect(response.header("www-authenticate")?.hasPrefix("Bearer error=\"invalid_token\"") == true)
        }
        #expect(try await status(bearer(first)).status == 200)
        #expect(try await status(bearer(second)).status == 200)
        api.simulator.revokeTokens()
        #expect(try await status(bearer(first)).status == 401)
        api.simulator.setTokenLifetime(.seconds(1))
        let short = try await exchange.token(for: "a.b.c")
        #expect(short.expiresIn == .seconds(1))
        #expect(try await status(bearer(short)).status == 200)
        let deadline = ContinuousClock.now + .seconds(30)
        while try await status(bearer(short)).status == 200, ContinuousClock.now < deadline {}
        #expect(try await status(bearer(short)).status == 401)
    }

    @Test("An outage of the exchange alone leaves calls as they are, and only the right subject token is exchanged")
    func outage() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        let exchange = TokenExchange(identityPoolID: "pool-1", timeout: .seconds(5), transport: api.transport)
        api.simulator.setTokenOutage(.status(503))
        let error = await #expect(throws: TokenExchangeError.self) { try await exchange.token(for: "a.b.c") }
        #expect(error?.reason == .serverError)
        #expect(try await api.lookup("i-1").reason == nil)
        api.simulator.setTokenOutage(nil)
        api.simulator.setSubjectToken("right.right.right")
        let refused = await #expect(throws: TokenExchangeError.self) {
            try await exchange.token(for: "wrong.wrong.wrong")
        }
        #expect(refused?.reason == .refused)
        #expect(refused.map { "\($0) \($0.failure.json)".contains("wrong") } == false)
        _ = try await exchange.token(for: "right.right.right")
    }
}
