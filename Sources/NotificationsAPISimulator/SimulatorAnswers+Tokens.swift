internal import MicroHTTPServer
internal import Synchronization

/// The token exchange.
extension SimulatorAnswers {
    static let tokenPath = "/sts/v1/oauth2/token"

    func exchange(_ request: HTTPServerRequest) -> HTTPServerAction {
        let headers = [(name: "X-Request-Id", value: nextRequestID())]
        let token = "simulated-" + nextRequestID() + nextRequestID()
        let (action, latency) = state.withLock { state -> (HTTPServerAction, Duration) in
            state.counters.exchanges += 1
            if let outage = state.outage ?? state.tokenOutage {
                return (self.action(outage, headers), state.latency)
            }
            return (.respond(answer(request, token, &state, headers)), state.latency)
        }
        return delay(count(action), latency)
    }

    private func answer(
        _ request: HTTPServerRequest, _ token: String, _ state: inout SimulatorState,
        _ headers: [(name: String, value: String)]
    ) -> HTTPServerResponse {
        let form: TokenForm
        do throws(TokenForm.Problem) {
            form = try TokenForm(contentType: request.header("content-type"), body: request.body)
        } catch {
            return self.error(400, "invalid_request", headers, detail: "The field \(error.field) cannot be used.")
        }
        if let wanted = state.subjectToken, wanted != form.subjectToken {
            // Servers that repeat what they refuse exist: a client must not show it.
            return error(401, "invalid_token", headers, detail: "Invalid subject token: \(form.subjectToken)")
        }
        let seconds = state.tokens.issue(token, asked: form.expiresIn, now: .now)
        state.counters.tokensIssued += 1
        return json(
            200,
            "{\"access_token\":\"\(token)\",\"issued_token_type\":\"urn:ietf:params:oauth:token-type:access_token\","
                + "\"token_type\":\"Bearer\",\"expires_in\":\(seconds)}", headers)
    }
}
