import NotificationsAPI
import NotificationsAPISimulator
import RDKafka
import Synchronization
import Testing

@testable import IntegrationBridge

@Suite("Tokens, against the simulator", .timeLimit(.minutes(1)))
struct SimulatedTokenTests {
    private let file: TemporaryFile
    private let simulator: Simulator

    init() throws {
        file = try TemporaryFile("head.payload.signature")
        var configuration = SimulatorConfiguration()
        configuration.requiresTokens = true
        simulator = try Simulator(configuration)
    }

    private var configuration: BridgeConfiguration {
        var configuration = BridgeConfiguration(bootstrapServers: "127.0.0.1:1")
        configuration.api.baseURL = simulator.baseURL
        configuration.api.auth = .sts
        configuration.api.sts.identityPoolID = "pool-1"
        configuration.api.sts.subjectTokenFile = file.path
        return configuration
    }

    private func isResolved(_ answer: LookupAnswer) -> Bool {
        if case .integration = answer.result { true } else { false }
    }

    @Test(
        "Calls go through with an exchanged token, and after a revocation that 64 of them meet, with one exchange more")
    func revocation() async throws {
        defer { simulator.stop() }
        let opened = try configuration.makeClient()
        let (client, credentials) = (opened.client, opened.credentials)
        try await credentials.firstCredentials()
        let answer = try await client.lookup(id: "i-1")
        #expect(isResolved(answer))
        credentials.accepted(generation: 1)
        simulator.revokeTokens()
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<64 {
                group.addTask {
                    let generation = credentials.current?.generation ?? 0
                    let answer = try await client.lookup(id: "i-\(number)")
                    if isResolved(answer) { return true }
                    guard await credentials.refused(generation: generation) else { return false }
                    return isResolved(try await client.lookup(id: "i-\(number)"))
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: true, count: 64))
        #expect(simulator.counters.exchanges == 2)
        #expect(simulator.counters.byStatus[401, default: 0] >= 1)
    }

    @Test("A token is renewed before its end: calls go on through several lives without one that is refused")
    func renewal() async throws {
        defer { simulator.stop() }
        // Half a life must be longer than a busy machine may keep a task waiting.
        simulator.setTokenLifetime(.seconds(10))
        let opened = try configuration.makeClient()
        let (client, credentials) = (opened.client, opened.credentials)
        try await credentials.firstCredentials()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await credentials.run() }
            while credentials.current?.generation ?? 0 < 3 {
                let answer = try await client.lookup(id: "i-1")
                #expect(isResolved(answer))
            }
            group.cancelAll()
        }
        #expect(simulator.counters.byStatus[401] == nil)
        #expect(simulator.counters.exchanges <= 5)
    }

    @Test("A bridge with tokens resolves what is asked, and its log and its failures hold no token")
    func bridge() async throws {
        let configuration = configuration
        var simulated = SimulatorConfiguration()
        simulated.requiresTokens = true
        simulated.tokenLifetime = .seconds(2)
        let harness = try BridgeHarness(simulator: simulated)
        defer { harness.stop() }
        var bridged = harness.configuration
        bridged.api.auth = .sts
        bridged.api.sts = configuration.api.sts
        for number in 0..<20 { try await harness.send("i-\(number)") }
        let bridge = try harness.bridge(bridged)
        let records = try await harness.running(bridge) {
            let records = try await harness.results(20)
            harness.simulator.setSubjectToken("another.payload.signature")
            try await eventually("a refused exchange") {
                let counters = harness.simulator.counters
                return counters.exchanges > counters.tokensIssued
            }
            return records
        }
        #expect(records.allSatisfy { $0.topic == "integrations" })
        let texts = harness.events.withLock { $0.map { "\($0.message) \($0.metadata)" } }
        for text in texts {
            #expect(!text.contains("simulated-") && !text.contains("payload"), "\(text)")
        }
    }
}
