import BridgeConfigurationFile
import Foundation
import IntegrationBridge
import JSONText
import NotificationsAPI
import NotificationsAPISimulator
import Testing

@testable import IntegrationBridgeCLI

@Suite("lookup asks again where that may help, and says what it got")
struct LookupTests {
    private var limits: BridgeConfiguration.Lookup {
        var limits = BridgeConfiguration.Lookup()
        limits.maxAttempts = 3
        limits.retryFor = .seconds(10)
        limits.backoff.initial = .milliseconds(100)
        limits.backoff.max = .milliseconds(150)
        return limits
    }

    @Test("Attempts that may succeed later are repeated up to their number, with a growing, capped wait")
    func attempts() {
        for reason in [LookupFailureReason.serverError, .timeout, .transport, .invalidResponse] {
            var attempts = LookupAttempts(limits)
            func next(_ jitter: Double) -> LookupAttempts.Step {
                attempts.next(after: reason, askedToWait: .seconds(5), elapsed: .zero, jitter: jitter)
            }
            #expect(next(1) == .askAgain(after: .milliseconds(100)))
            #expect(next(0.5) == .askAgain(after: .milliseconds(75)))
            #expect(next(1) == .end)
        }
    }

    @Test("A rate limit is waited for as the server asks, is no attempt, and ends with the time allowed")
    func rateLimit() {
        var attempts = LookupAttempts(limits)
        for _ in 0..<10 {
            let step = attempts.next(after: .rateLimited, askedToWait: .seconds(3), elapsed: .seconds(5), jitter: 0)
            #expect(step == .askAgain(after: .seconds(3)))
        }
        let late = attempts.next(after: .rateLimited, askedToWait: .seconds(3), elapsed: .seconds(8), jitter: 0)
        #expect(late == .end)
        let unasked = attempts.next(after: .serverError, askedToWait: nil, elapsed: .zero, jitter: 1)
        #expect(unasked == .askAgain(after: .milliseconds(100)))
    }

    @Test(
        "What cannot succeed later is asked once",
        arguments: [LookupFailureReason.badRequest, .unauthorized, .forbidden, .notFound])
    func final(_ reason: LookupFailureReason) {
        var attempts = LookupAttempts(limits)
        #expect(attempts.next(after: reason, askedToWait: nil, elapsed: .zero, jitter: 0) == .end)
    }

    @Test(
        "Documents come on stdout in the order asked for, failures on stderr, and the worst one decides the exit code")
    func command() async throws {
        let simulator = try Simulator()
        defer { simulator.stop() }
        let environment = [
            "INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
            "INTEGRATION_BRIDGE_API_BASE_URL": simulator.baseURL, "INTEGRATION_BRIDGE_API_AUTH": "none",
            "INTEGRATION_BRIDGE_LOOKUP_BACKOFF_INITIAL": "1ms", "INTEGRATION_BRIDGE_LOOKUP_BACKOFF_MAX": "2ms",
        ]
        let ids = ["slow-100ms", "i-1", "fail-500-2", "é/漢"]
        let good = await runTool(["lookup"] + ids, environment: environment)
        #expect(good.code == .success, "\(good.errors)")
        let found = try good.output.split(separator: "\n").map { try JSONValue(parsing: String($0))["id"]?.string }
        #expect(found == ids)
        #expect(good.errors.isEmpty)

        for (id, code) in [
            ("fail-404", ExitCode.failure), ("fail-403", .failure), ("fail-503", .unavailable),
            ("unauthorized", .notAuthorized),
        ] {
            let bad = await runTool(["lookup", "i-1", id], environment: environment)
            #expect(bad.code == code, "\(id): \(bad.errors)")
            #expect(bad.output.split(separator: "\n").count == 1)
            #expect(bad.errors.hasPrefix("\(id): "))
        }
        #expect(LookupOutcome.exitCode(of: [.success, .failure, .notAuthorized, .unavailable]) == .notAuthorized)
        #expect(LookupOutcome.exitCode(of: [.success, .unavailable, .failure]) == .unavailable)
        #expect(LookupOutcome.exitCode(of: [ExitCode]()) == .success)
    }

    @Test("lookup and check exchange a token first; an exchange that is refused is 77, one that is not answered 69")
    func tokens() async throws {
        var configuration = SimulatorConfiguration()
        configuration.requiresTokens = true
        let simulator = try Simulator(configuration)
        defer { simulator.stop() }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try Data("hush.hush.hush\n".utf8).write(to: URL(fileURLWithPath: file))
        defer { try? FileManager.default.removeItem(atPath: file) }
        var environment = [
            "INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
            "INTEGRATION_BRIDGE_API_BASE_URL": simulator.baseURL, "INTEGRATION_BRIDGE_API_AUTH": "sts",
            "INTEGRATION_BRIDGE_API_STS_IDENTITY_POOL_ID": "pool-1",
            "INTEGRATION_BRIDGE_API_STS_SUBJECT_TOKEN_FILE": file,
        ]
        let good = await runTool(["lookup", "i-1", "i-2"], environment: environment)
        #expect(good.code == .success, "\(good.errors)")
        #expect(simulator.counters.exchanges == 1)
        let api = try await APICheck(BridgeConfigurationFile.load(path: nil, environment: environment)).run()
        #expect(api.verdict == .ok, "\(api.detail)")

        simulator.setSubjectToken("another")
        let refused = await runTool(["lookup", "i-1"], environment: environment)
        #expect(refused.code == .notAuthorized)
        #expect(refused.errors.contains("api.sts.subjectTokenFile") && !refused.errors.contains("hush"))
        let line = try await APICheck(BridgeConfigurationFile.load(path: nil, environment: environment)).run()
        #expect(line.exitCode == .notAuthorized && !line.detail.contains("hush"))

        simulator.setTokenOutage(.status(503))
        #expect(await runTool(["lookup", "i-1"], environment: environment).code == .unavailable)
        environment["INTEGRATION_BRIDGE_API_BASE_URL"] = "http://127.0.0.1:1"
        let silent = try await APICheck(BridgeConfigurationFile.load(path: nil, environment: environment)).run()
        #expect(silent.exitCode == .unavailable)
    }

    @Test("An API that is not there is 69, in the time allowed")
    func unreachable() async {
        let result = await runTool(
            ["lookup", "i-1"],
            environment: [
                "INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS": "127.0.0.1:1",
                "INTEGRATION_BRIDGE_API_BASE_URL": "http://127.0.0.1:1", "INTEGRATION_BRIDGE_API_AUTH": "none",
                "INTEGRATION_BRIDGE_LOOKUP_MAX_ATTEMPTS": "2", "INTEGRATION_BRIDGE_LOOKUP_BACKOFF_INITIAL": "1ms",
            ])
        #expect(result.code == .unavailable)
        #expect(result.errors.hasPrefix("i-1: transport: "))
    }
}
