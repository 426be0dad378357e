internal import Foundation
internal import MicroHTTPServer
internal import Synchronization

/// What the simulated API answers to a request.
final class SimulatorAnswers: Sendable {
    static let path = "/notifications/v1/integrations"

    let state: Mutex<SimulatorState>
    let baseURL = Mutex("")
    private let listedCount: Int
    private let countsEachID: Bool
    private let requestNumber = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    init(_ configuration: SimulatorConfiguration) {
        let credentials = configuration.credentials.map(Self.authorization)
        state = Mutex(SimulatorState(configuration, credentials: credentials, now: .now))
        listedCount = configuration.listedCount
        countsEachID = configuration.countsEachID
    }

    static func authorization(_ credentials: (key: String, secret: String)) -> String {
        "Basic " + Data("\(credentials.key):\(credentials.secret)".utf8).base64EncodedString()
    }

    func action(for request: HTTPServerRequest) -> HTTPServerAction {
        let authorization = request.header("authorization")
        guard request.method == "GET" else { return count(.respond(error(405, "method_not_allowed", []))) }
        if request.path == Self.path {
            return serve(authorization, id: nil) { self.listing(request, $0) }
        }
        guard request.path.hasPrefix(Self.path + "/"),
            let id = String(request.path.dropFirst(Self.path.count + 1)).removingPercentEncoding, !id.isEmpty
        else { return count(.respond(error(404, "not_found", []))) }
        return serve(authorization, id: id) { self.lookup(id, request, $0) }
    }

    /// What every call goes through: counting, outages, credentials, the rate limit, latency.
    private func serve(
        _ authorization: String?, id: String?, _ answer: ([(name: String, value: String)]) -> HTTPServerAction
    ) -> HTTPServerAction {
        var headers = [("X-Request-Id", nextRequestID())]
        var early: HTTPServerAction?
        let latency = state.withLock { state in
            if let id {
                state.counters.lookups += 1
                if countsEachID { state.counters.byID[id, default: 0] += 1 }
            } else {
                state.counters.listings += 1
            }
            switch state.outage {
            case .status(let status): early = .respond(error(status, "outage", headers))
            case .hang: early = .hang
            case .reset: early = .reset
            case nil: break
            }
            if early == nil, let wanted = state.credentials, wanted != authorization {
                early = .respond(unauthorized(headers))
            }
            guard early == nil else { return state.latency }
            let (isAllowed, reset) = state.takeCall(now: .now)
            headers.append(("X-RateLimit-Limit", "\(state.rateLimit.limit)"))
            headers.append(("X-RateLimit-Remaining", "\(state.remaining)"))
            headers.append(("X-RateLimit-Reset", "\(reset)"))
            if !isAllowed {
                early = .respond(HTTPServerResponse(status: 429, headers: headers + [("Retry-After", "\(reset)")]))
            }
            return state.latency
        }
        return delay(count(early ?? answer(headers)), latency)
    }

    private func delay(_ action: HTTPServerAction, _ latency: Duration) -> HTTPServerAction {
        guard latency > .zero else { return action }
        switch action {
        case .respond(let response): return .respondLater(response, after: latency)
        case .respondLater(let response, let time): return .respondLater(response, after: time + latency)
        default: return action
        }
    }

    private func count(_ action: HTTPServerAction) -> HTTPServerAction {
        switch action {
        case .respond(let response), .respondLater(let response, _), .truncate(let response, _):
            state.withLock { $0.counters.byStatus[response.status, default: 0] += 1 }
        case .close, .reset, .hang: break
        }
        return action
    }

    // MARK: One integration

    private func lookup(
        _ id: String, _ request: HTTPServerRequest, _ headers: [(name: String, value: String)]
    ) -> HTTPServerAction {
        guard id.unicodeScalars.count <= 255, id.unicodeScalars.allSatisfy({ $0.value >= 32 }) else {
            return .respond(error(400, "invalid_id", headers))
        }
        guard let fault = Fault(id: id) else { return .respond(integration(id, headers)) }
        return FaultAnswers(
            answers: self, id: id, isRedirected: request.query("redirected") != nil, headers: headers
        ).action(fault)
    }

    func integration(_ id: String, _ headers: [(name: String, value: String)]) -> HTTPServerResponse {
        json(200, GeneratedIntegration.document(id: id, baseURL: baseURL.withLock { $0 }), headers)
    }

    // MARK: The listing

    private func listing(
        _ request: HTTPServerRequest, _ headers: [(name: String, value: String)]
    ) -> HTTPServerAction {
        let size = request.query("page_size").map { Int($0) } ?? 100
        let start = request.query("page_token").map { Int($0) } ?? 0
        guard let size, (1...250).contains(size), let start, (0...listedCount).contains(start) else {
            return .respond(error(400, "invalid_parameter", headers))
        }
        let base = baseURL.withLock { $0 }
        let end = min(listedCount, start + size)
        let items = (start..<end).map { GeneratedIntegration.document(id: "int-\($0)", baseURL: base, listed: true) }
        let next = end < listedCount ? "\"\(base)\(Self.path)?page_size=\(size)&page_token=\(end)\"" : "null"
        return .respond(
            json(
                200,
                "{\"api_version\":\"notifications/v1\",\"kind\":\"IntegrationList\",\"metadata\":{\"next\":\(next)},"
                    + "\"data\":[\(items.joined(separator: ","))]}", headers))
    }

    // MARK: Answers

    func json(_ status: Int, _ text: String, _ headers: [(name: String, value: String)]) -> HTTPServerResponse {
        HTTPServerResponse(
            status: status, headers: [("Content-Type", "application/json")] + headers, body: Array(text.utf8))
    }

    func error(_ status: Int, _ code: String, _ headers: [(name: String, value: String)]) -> HTTPServerResponse {
        json(
            status,
            "{\"errors\":[{\"id\":\"\(nextRequestID())\",\"status\":\"\(status)\",\"code\":\"\(code)\","
                + "\"title\":\"Simulated \(status)\",\"detail\":\"The simulator was asked for this.\",\"source\":{}}]}",
            headers)
    }

    func unauthorized(_ headers: [(name: String, value: String)]) -> HTTPServerResponse {
        var response = error(401, "user_unauthenticated", headers)
        response.headers.append(
            ("WWW-Authenticate", "Basic error=\"invalid_key\", error_description=\"The API Key is invalid\""))
        return response
    }

    private func nextRequestID() -> String {
        let number = requestNumber.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    func holds(_ count: Int, id: String) -> Bool {
        state.withLock { $0.holds(count, id: id) }
    }
}
