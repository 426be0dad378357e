internal import MicroHTTPServer

/// What is answered to an id that orders a fault.
struct FaultAnswers {
    let answers: SimulatorAnswers
    let id: String
    let isRedirected: Bool
    let headers: [(name: String, value: String)]

    func action(_ fault: Fault) -> HTTPServerAction {
        switch fault {
        case .status(let status, let count):
            if let count, !answers.holds(count, id: id) { return .respond(integration) }
            return .respond(answers.error(status, status == 404 ? "resource_not_found" : "simulated", headers))
        case .slow(let milliseconds): return .respondLater(integration, after: .milliseconds(milliseconds))
        case .hang: return .hang
        case .reset: return .reset
        case .close: return .close
        case .html: return html(502)
        case .htmlOK: return html(200)
        case .empty: return .respond(HTTPServerResponse(status: 200, headers: headers))
        case .truncated: return .truncate(integration, announced: integration.body.count + 100)
        case .cutJSON: return body(200, Array(integration.body.prefix(integration.body.count / 2)))
        case .oversized: return body(200, [UInt8](repeating: UInt8(ascii: " "), count: 2 << 20))
        case .gzip: return body(500, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 5, 0])
        case .unauthorized: return .respond(answers.unauthorized(headers))
        case .forbiddenKey:
            return json(403, #"{"errors":[{"status":"403","detail":"Invalid API key: the key was revoked."}]}"#)
        case .largeError:
            let detail = String(repeating: "No. ", count: 256 * 1_000)
            return .respond(answers.error(400, "simulated", headers, detail: detail))
        case .rateLimited:
            guard answers.holds(1, id: id) else { return .respond(integration) }
            return .respond(HTTPServerResponse(status: 429, headers: headers + [("Retry-After", "1")]))
        case .redirectSame:
            guard !isRedirected else { return .respond(integration) }
            return redirect("\(SimulatorAnswers.path)/\(GeneratedIntegration.escaped(id))?redirected=1")
        case .redirectOther:
            return redirect("https://elsewhere.example.com\(SimulatorAnswers.path)/\(GeneratedIntegration.escaped(id))")
        default: return documentFault(fault)
        }
    }

    private func documentFault(_ fault: Fault) -> HTTPServerAction {
        let document = String(decoding: integration.body, as: UTF8.self)
        switch fault {
        case .wrongID: return .respond(answers.integration("another-\(id)", headers))
        case .notIntegration: return json(200, #"{"kind":"Subscription","id":\#(GeneratedIntegration.quoted(id))}"#)
        case .missingTarget:
            return json(
                200,
                #"{"api_version":"notifications/v1","kind":"Integration","id":\#(GeneratedIntegration.quoted(id)),"display_name":"x"}"#
            )
        case .ownLookup: return json(200, #"{"lookup":{"theirs":true},"# + document.dropFirst())
        case .oddError(let number):
            let bodies = [
                #"{"error":{"code":400,"message":"The gateway says no."}}"#,
                #"{"error_code":40001,"message":"The proxy says no."}"#,
                #"{"error":"plain text"}"#,
                #"{"errors":[{"id":"\#(String(repeating: "f", count: 300))","status":400,"extra":1,"detail":"see https://internal.example.com/a/b?token=secret","source":{}},{"status":"400"},{"status":"400"}]}"#,
                "not JSON at all",
            ]
            return json(400, bodies[max(0, min(number, bodies.count) - 1)])
        default: return .respond(integration)
        }
    }

    private var integration: HTTPServerResponse { answers.integration(id, headers) }

    private func json(_ status: Int, _ text: String) -> HTTPServerAction {
        .respond(answers.json(status, text, headers))
    }

    private func body(_ status: Int, _ bytes: [UInt8]) -> HTTPServerAction {
        .respond(
            HTTPServerResponse(status: status, headers: [("Content-Type", "application/json")] + headers, body: bytes))
    }

    private func html(_ status: Int) -> HTTPServerAction {
        let page = Array("<html><body><h1>\(status) Bad Gateway</h1></body></html>".utf8)
        return .respond(
            HTTPServerResponse(status: status, headers: [("Content-Type", "text/html")] + headers, body: page))
    }

    private func redirect(_ location: String) -> HTTPServerAction {
        .respond(HTTPServerResponse(status: 307, headers: headers + [("Location", location)]))
    }
}
