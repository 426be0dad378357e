import CURLTransport
import JSONText
import NotificationsAPI
import NotificationsAPISimulator
import Testing

@Suite("The simulator's faults, as the client sees them", .timeLimit(.minutes(1)))
struct FaultTests {
    /// An id of a row of the table, and what its calls come to one after the other; `nil` is the integration.
    struct Order: Sendable, CustomTestStringConvertible {
        let row: String
        let id: String
        let answers: [LookupFailureReason?]

        init(_ row: String, _ id: String, _ answers: LookupFailureReason?...) {
            self.row = row
            self.id = id
            self.answers = answers
        }

        var testDescription: String { id }
    }

    static let orders = [
        Order("fail-STATUS", "fail-400", .badRequest), Order("fail-STATUS", "fail-401", .unauthorized),
        Order("fail-STATUS", "fail-403", .forbidden), Order("fail-STATUS", "fail-404", .notFound, .notFound),
        Order("fail-STATUS", "fail-408", .timeout), Order("fail-STATUS", "fail-422", .badRequest),
        Order("fail-STATUS", "fail-429", .rateLimited), Order("fail-STATUS", "fail-500", .serverError),
        Order("fail-STATUS", "fail-599", .serverError),
        Order("fail-STATUS-N", "fail-500-2", .serverError, .serverError, nil, nil),
        Order("fail-STATUS-N", "fail-404-1", .notFound, nil),
        Order("slow-250ms", "slow-50ms", nil), Order("reset", "reset", .transport), Order("close", "close", .transport),
        Order("truncated", "truncated", .transport), Order("html", "html", .serverError),
        Order("html-200", "html-200", .invalidResponse), Order("empty", "empty", .invalidResponse),
        Order("cut-json", "cut-json", .invalidResponse), Order("oversized", "oversized", .invalidResponse),
        Order("gzip", "gzip", .serverError), Order("wrong-id", "wrong-id", .invalidResponse),
        Order("not-integration", "not-integration", .invalidResponse),
        Order("missing-target", "missing-target", .invalidResponse), Order("lookup-member", "lookup-member", nil),
        Order("unauthorized", "unauthorized", .unauthorized), Order("forbidden-key", "forbidden-key", .unauthorized),
        Order("rate-limited", "rate-limited", .rateLimited, nil), Order("redirect-same", "redirect-same", nil),
        Order("redirect-other", "redirect-other", .invalidResponse),
        Order("odd-error-1 ... 5", "odd-error-1", .badRequest), Order("odd-error-1 ... 5", "odd-error-2", .badRequest),
        Order("odd-error-1 ... 5", "odd-error-3", .badRequest), Order("odd-error-1 ... 5", "odd-error-4", .badRequest),
        Order("odd-error-1 ... 5", "odd-error-5", .badRequest),
        Order("large-error", "large-error", .badRequest),
    ]

    @Test("Each row orders what it says, with anything behind one more hyphen too", arguments: orders)
    func order(_ order: Order) async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        for id in [order.id, order.id + "-x17", order.id + "-ü/1"] {
            for (call, reason) in order.answers.enumerated() {
                let answer = try await api.lookup(id)
                #expect(answer.reason == reason, "\(id), call \(call): \(answer.result)")
                if let failure = answer.failure { #expect(!failure.errors.isEmpty) }
            }
        }
    }

    @Test("No row of the table is without a test, and none is tested that is not there")
    func wholeTable() {
        let table = Simulator.faultTable.split(separator: "\n\n")[0]
        var rows: Set<String> = []
        for line in table.split(separator: "\n") {
            let end = line.firstRange(of: "  ")?.lowerBound ?? line.endIndex
            rows.formUnion(line[..<end].split(separator: ", ").map(String.init))
        }
        #expect(rows == Set(Self.orders.map(\.row)).union(["hang"]))
    }

    @Test("Ids that only look like a fault's are resolved")
    func lookAlikes() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        let ids = [
            "fail", "fail-", "fail-12", "fail-200", "fail-600", "fail-x", "slow", "slow-ms", "slow-1s", "hanging",
            "htmlx",
            "resetting", "odd-error", "odd-error-x", "Fail-404", "i-fail-404",
        ]
        for id in ids {
            let answer = try await api.lookup(id)
            #expect(answer.reason == nil, "\(id)")
        }
    }

    @Test("Nothing is answered to hang, and the attempt ends at its own time")
    func hang() async throws {
        let api = try SimulatedAPI(timeout: .milliseconds(200))
        defer { api.stop() }
        for id in ["hang", "hang-x17"] { #expect(try await api.lookup(id).reason == .timeout) }
    }

    @Test("A slow answer takes its time")
    func slow() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        let start = ContinuousClock.now
        #expect(try await api.lookup("slow-250ms").reason == nil)
        #expect(ContinuousClock.now - start >= .milliseconds(250))
    }

    @Test("What an answer has beside its document: ids of requests, when to come back, how to sign in, foreign members")
    func details() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        let limited = try await api.lookup("rate-limited-1")
        #expect(limited.status == 429)
        #expect(limited.retryAfter != nil)
        let refused = try await api.get("/notifications/v1/integrations/unauthorized")
        #expect(refused.header("www-authenticate")?.hasPrefix("Basic ") == true)
        let own = try await api.lookup("lookup-member")
        guard case .integration(let document) = own.result else {
            Issue.record("no integration")
            return
        }
        #expect(document.hadLookupMember)
        let oversized = try await api.lookup("oversized")
        #expect(oversized.failure?.errors.first?.code == "body_too_large")
        let large = try await api.lookup("large-error")
        #expect(try #require(large.failure?.json.description.utf8.count) > 1_000_000, "more than a record takes")
        let odd = try await api.lookup("odd-error-4")
        #expect(odd.failure?.json.description.contains("token=secret") == false)
        let requestIDs = try await (0..<20).asyncMap { try await api.lookup("i-\($0)").requestID }
        #expect(Set(requestIDs.compactMap { $0 }).count == 20)
    }

    @Test("Counts of errors are kept for each id by itself")
    func countsByID() async throws {
        let api = try SimulatedAPI()
        defer { api.stop() }
        #expect(try await api.lookup("fail-503-1-a").reason == .serverError)
        #expect(try await api.lookup("fail-503-1-b").reason == .serverError)
        #expect(try await api.lookup("fail-503-1-a").reason == nil)
        #expect(try await api.lookup("fail-503-1-b").reason == nil)
    }
}

extension Sequence {
    fileprivate func asyncMap<T>(_ transform: (Element) async throws -> T) async rethrows -> [T] {
        var result: [T] = []
        for element in self { result.append(try await transform(element)) }
        return result
    }
}
