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
    private let countsEachCaller: Bool
    private let requestNumber = Atomic<UInt64>(UInt64.random(in: .min ... .max))

    init(_ configuration: SimulatorConfiguration) {
        let credentials = configuration.credentials.map(Self.authorization)
        state = Mutex(SimulatorState(configuration, credentials: credentials, now: .now))
        listedCount = configuration.listedCount
        countsEachID = configuration.countsEachID
        countsEachCaller = configuration.countsEachCaller
    }

    static func authorization(_ credentials: (key: String, secret: String)) -> String {
        "Basic " + Data("\(credentials.key):\(credentials.secret)".utf8).base64EncodedString()
    }

    func action(for request: HTTPServerRequest) -> HTTPServerAction {
        let authorization = request.header("authorization")
        if request.path == Self.tokenPath, request.method == "POST" { return exchange(request) }
        guard request.method == "GET", request.path != Self.tokenPath else {
            return count(.respond(error(405, "method_not_allowed", [])))
        }
        if request.path == Self.path {
            return serve(authorization, id: nil) { self.listing(request, $0) }
        }
        guard request.path.hasPrefix(Self.path + "/"),
            let id = String(request.path.dropFirst(Self.path.count + 1)).removingPercentEncoding, !id.isEmpty
        else { return count(.respond(error(404, "not_found", []))) }
        return serve(authorization, id: id) { self.lookup(id, request, $0) }
    }

    /// What every call goes through: counting, outages, credentials, the limits, latency.
    private func serve(
        _ authorization: String?, id: String?, _ answer: ([(name: String, value: String)]) -> HTTPServerAction
    ) -> HTTPServerAction {
        var headers = [(name: "X-Request-Id", value: nextRequestID())]
        let (early, latency) = state.withLock { state in
            (admit(authorization, id, &state, &headers), state.latency)
        }
        if let early { return delay(count(early), latency) }
        return delay(count(answer(headers), latency: latency), latency)
    }

    /// Counts a call, and says what it gets where it is not let in.
    private func admit(
        _ authorization: String?, _ id: String?, _ state: inout SimulatorState,
        _ headers: inout [(name: String, value: String)]
    ) -> HTTPServerAction? {
        let caller = countsEachCaller ? id.map { id in id.firstIndex(of: ".").map { String(id[..<$0]) } ?? "" } : nil
        if let id {
            state.counters.lookups += 1
            if countsEachID { state.counters.byID[id, default: 0] += 1 }
            if let caller { state.counters.byCaller[caller, default: 0] += 1 }
        } else {
            state.counters.listings += 1
        }
        if let outage = state.outage { return action(outage, headers) }
        let now = ContinuousClock.now
        guard state.accepts(authorization, now: now) else {
            return .respond(unauthorized(headers, scheme: state.requiresTokens ? "Bearer" : "Basic"))
        }
        let limit = state.limiter.limit
        guard state.underWay.begin(limit: limit.concurrency, now: now) else {
            state.counters.concurrencyLimited += 1
            let verdict = state.limiter.look(now: now)
            return .respond(
                HTTPServerResponse(status: 429, headers: headers + RateLimitHeaders.fields(limit, verdict)))
        }
        let verdict = state.limiter.take(now: now, caller: caller)
        headers += RateLimitHeaders.fields(limit, verdict)
        guard !verdict.isAllowed else { return nil }
        state.underWay.decided(in: .zero, now: now)
        state.counters.rateLimited += 1
        return .respond(
            HTTPServerResponse(status: 429, headers: headers + RateLimitHeaders.retryAfter(limit, verdict)))
    }

    func action(_ outage: Outage, _ headers: [(name: String, value: String)]) -> HTTPServerAction {
        switch outage {
        case .status(let status): .respond(error(status, "outage", headers))
        case .hang: .hang
        case .reset: .reset
        }
    }

    func delay(_ action: HTTPServerAction, _ latency: Duration) -> HTTPServerAction {
        guard latency > .zero else { return action }
        switch action {
        case .respond(let response): return .respondLater(response, after: latency)
        case .respondLater(let response, let time): return .respondLater(response, after: time + latency)
        default: return action
        }
    }

    /// Counts an answer by its status.
    ///
    /// - Parameter latency: given for a call that was let in, which is under way until its answer's time.
    func count(_ action: HTTPServerAction, latency: Duration? = nil) -> HTTPServerAction {
        var status: Int?
        var time = Duration.zero
        switch action {
        case .respond(let response), .truncate(let response, _): status = response.status
        case .respondLater(let response, let later): (status, time) = (response.status, later)
        case .close, .reset, .hang: break
        }
        state.withLock { state in
            if let status { state.counters.byStatus[status, default: 0] += 1 }
            if let latency { state.underWay.decided(in: status == nil ? .zero : time + latency, now: .now) }
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

    func error(
        _ status: Int, _ code: String, _ headers: [(name: String, value: String)],
        detail: String = "The simulator was asked for this."
    ) -> HTTPServerResponse {
        json(
            status,
            "{\"errors\":[{\"id\":\"\(nextRequestID())\",\"status\":\"\(status)\",\"code\":\"\(code)\","
                + "\"title\":\"Simulated \(status)\",\"detail\":\(GeneratedIntegration.quoted(detail)),\"source\":{}}]}",
            headers)
    }

    func unauthorized(
        _ headers: [(name: String, value: String)], scheme: String = "Basic"
    ) -> HTTPServerResponse {
        var response = error(401, "user_unauthenticated", headers)
        let what =
            scheme == "Bearer"
            ? "error=\"invalid_token\", error_description=\"The token is invalid or has expired\""
            : "error=\"invalid_key\", error_description=\"The API Key is invalid\""
        response.headers.append(("WWW-Authenticate", "\(scheme) \(what)"))
        return response
    }

    func nextRequestID() -> String {
        let number = requestNumber.wrappingAdd(0x9e37_79b9_7f4a_7c15, ordering: .relaxed).newValue
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    func holds(_ count: Int, id: String) -> Bool {
        state.withLock { $0.holds(count, id: id) }
    }
}
