import CURLTransport
import Foundation
import NotificationsAPI
import Testing

@Suite("Pacing header fields")
struct PacingHeaderTests {
    private func answer(_ headers: [(name: String, value: String)], status: Int = 429) async throws -> LookupAnswer {
        try await Samples.client(StubTransport(HTTPResponse(status, "", headers))).lookup(id: "i-1")
    }

    @Test(
        "Retry-After in seconds is a time from now",
        arguments: [("0", 0), ("120", 120_000), (" 7 ", 7000), ("1.5", 1500), ("0.25", 250)])
    func seconds(text: String, milliseconds: Int) async throws {
        #expect(try await answer([("retry-after", text)]).retryAfter == .after(.milliseconds(milliseconds)))
    }

    @Test(
        "Retry-After as any form of HTTP date is a point in time",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994",
            " Sun, 06 Nov 1994 08:49:37 GMT ",
        ])
    func dates(text: String) async throws {
        #expect(try await answer([("retry-after", text)]).retryAfter == .at(Date(timeIntervalSince1970: 784_111_777)))
    }

    @Test(
        "Any other Retry-After is as good as none",
        arguments: [
            "", "-1", "soon", "nan", "inf", "1e400", "99999999999", "Sun, 99 Nov 1994 08:49:37 GMT", "1 2", "0x10",
            "2006-01-02T15:04:05Z", "Sun, 06 Nov 1994", "１２",
        ])
    func garbage(text: String) async throws {
        #expect(try await answer([("retry-after", text)]).retryAfter == nil)
        #expect(RetryAfter(text) == nil)
    }

    @Test("The rate limit is read of every answer, whatever its status")
    func rateLimit() async throws {
        let headers = [
            (name: "x-ratelimit-limit", value: "100"), ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "30"),
        ]
        for status in [200, 400, 401, 403, 404, 429, 500, 503] {
            let limit = try await answer(headers, status: status).rateLimit
            #expect(limit == RateLimit(limit: 100, remaining: 0, reset: .seconds(30)))
        }
        #expect(try await answer([]).rateLimit == nil)
        #expect(try await answer([("x-ratelimit-remaining", "7")]).rateLimit == RateLimit(remaining: 7))
    }

    @Test(
        "A rate limit that is no number is as good as none, and spoils no other",
        arguments: ["", "-1", "many", "1.5", "99999999999999999999", "1, 2", "0x10", "１", "1e3", "nan"])
    func garbageRateLimit(text: String) async throws {
        let names = ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"]
        #expect(try await answer(names.map { (name: $0, value: text) }).rateLimit == nil)
        let mixed = try await answer([("x-ratelimit-limit", text), ("x-ratelimit-remaining", "3")]).rateLimit
        #expect(mixed == RateLimit(remaining: 3))
    }

    @Test("A reset that is no time to wait, because it is a date in seconds, is left out")
    func absoluteReset() async throws {
        #expect(try await answer([("x-ratelimit-reset", "1767225600")]).rateLimit == nil)
        #expect(try await answer([("x-ratelimit-reset", "0")]).rateLimit?.reset == .zero)
    }
}
