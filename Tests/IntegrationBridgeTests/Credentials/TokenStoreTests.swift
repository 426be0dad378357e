import NotificationsAPI
import Synchronization
import Testing

@testable import IntegrationBridge

@Suite("Tokens in the store", .timeLimit(.minutes(1)))
struct TokenStoreTests {
    private let file: TemporaryFile

    init() throws {
        file = try TemporaryFile("subject-1\n")
    }

    @Test("There are no credentials before the first token, and it tells when it is there")
    func first() async throws {
        let store = try StubExchange { _ in AccessToken(token: "t1", expiresIn: .seconds(900)) }.store(file)
        let changes = Atomic<Int>(0)
        store.onChange { changes.wrappingAdd(1, ordering: .relaxed) }
        #expect(store.current == nil && store.waitsForToken)
        try await store.firstCredentials()
        #expect(store.current?.credentials == .bearer(token: "t1") && store.current?.generation == 1)
        #expect(!store.waitsForToken)
        #expect(changes.load(ordering: .relaxed) == 1)
    }

    @Test("64 calls that are refused at once make one exchange, and all of them may call again")
    func stampede() async throws {
        let exchange = StubExchange { call in
            for _ in 0..<100 { await Task.yield() }
            return AccessToken(token: "t\(call)", expiresIn: .seconds(900))
        }
        let store = try exchange.store(file)
        try await store.firstCredentials()
        store.accepted(generation: 1)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<64 { group.addTask { await store.refused(generation: 1) } }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes == Array(repeating: true, count: 64))
        #expect(exchange.seen.count == 2)
        #expect(store.current?.generation == 2)
        #expect(await store.refused(generation: 1), "one that comes late finds the new token")
        #expect(await !store.refused(generation: 2), "a fresh token that is refused is the credentials' fault")
        #expect(exchange.seen.count == 2)
    }

    @Test("An exchange that fails after a refusal is one exchange too; the refused token is kept, and renewed later")
    func refusedAndFailed() async throws {
        let exchange = StubExchange { call throws(TokenExchangeError) in
            if (1...2).contains(call) { throw .of(.serverError) }
            return AccessToken(token: "t\(call)", expiresIn: .seconds(900))
        }
        var limits = TokenSchedule.Limits()
        limits.retry = RetrySchedule(initial: .milliseconds(20), maximum: .milliseconds(20))
        let store = try exchange.store(file, limits: limits)
        try await store.firstCredentials()
        store.accepted(generation: 1)
        #expect(await !store.refused(generation: 1))
        #expect(store.current?.generation == 1)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            try await eventually("the renewal that was asked for") { store.current?.generation == 2 }
            group.cancelAll()
        }
        #expect(exchange.seen.count == 4)
    }

    @Test("A renewal that fails does no harm while the old token lives, and the subject token is read anew for each")
    func harmless() async throws {
        let file = file
        let store = Mutex<CredentialStore?>(nil)
        let exchange = StubExchange { call throws(TokenExchangeError) in
            try? file.write("subject-\(call + 2)")
            let current = store.withLock { $0 }?.current
            if call > 0 { #expect(current?.generation == 1) }
            if (1...3).contains(call) { throw .of(call == 2 ? .refused : .timeout) }
            return AccessToken(token: "t\(call)", expiresIn: .seconds(call == 0 ? 10 : 900))
        }
        var limits = TokenSchedule.Limits()
        limits.retry = RetrySchedule(initial: .milliseconds(5), maximum: .milliseconds(5))
        let made = try exchange.store(file, limits: limits)
        store.withLock { $0 = made }
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await made.run() }
            try await eventually("the second token") { made.current?.generation == 2 }
            group.cancelAll()
        }
        #expect(ContinuousClock.now - start >= .seconds(5), "half the first token's life")
        #expect(exchange.seen == (1...5).map { "subject-\($0)" })
    }

    @Test("A token is not offered when its life is over, and calls made without one get the next")
    func over() async throws {
        let exchange = StubExchange { call in
            AccessToken(token: "t\(call)", expiresIn: call == 0 ? .milliseconds(50) : .seconds(900))
        }
        let store = try exchange.store(file)
        try await store.firstCredentials()
        try await eventually("its end") { store.waitsForToken }
        #expect(await store.refused(generation: 0))
        #expect(store.current?.generation == 2)
    }

    @Test("The end of a token's life is told once while there is no other, and so is the next token")
    func expiry() async throws {
        let mayRenew = Atomic(false)
        let exchange = StubExchange { call throws(TokenExchangeError) in
            if call == 0 { return AccessToken(token: "t0", expiresIn: .milliseconds(50)) }
            guard mayRenew.load(ordering: .relaxed) else { throw .of(.serverError) }
            return AccessToken(token: "t1", expiresIn: .seconds(900))
        }
        var limits = TokenSchedule.Limits()
        limits.retry = RetrySchedule(initial: .milliseconds(5), maximum: .milliseconds(5))
        let told = Mutex<[String]>([])
        let log = EventLog(level: .warning) { event in told.withLock { $0.append(event.message) } }
        let store = try exchange.store(file, limits: limits, log: log)
        let changes = Atomic<Int>(0)
        store.onChange { changes.wrappingAdd(1, ordering: .relaxed) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            try await eventually("the end of the first token") { changes.load(ordering: .relaxed) == 2 }
            #expect(store.current == nil)
            let before = exchange.seen.count
            try await eventually("more failed exchanges") { exchange.seen.count >= before + 5 }
            #expect(changes.load(ordering: .relaxed) == 2)
            #expect(told.withLock { $0.filter { $0.hasPrefix("The token has expired") }.count } == 1)
            mayRenew.store(true, ordering: .relaxed)
            try await eventually("the second token") { store.current?.generation == 2 }
            try await eventually("the change") { changes.load(ordering: .relaxed) == 3 }
            group.cancelAll()
        }
    }

    @Test("An exchange whose caller is cancelled is taken over by another that waits for it")
    func takeOver() async throws {
        let exchange = StubExchange { call throws(TokenExchangeError) in
            guard call == 1 else { return AccessToken(token: "t\(call)", expiresIn: .seconds(900)) }
            try? await Task.sleep(for: .seconds(60))
            throw .of(.cancelled)
        }
        let store = try exchange.store(file)
        try await store.firstCredentials()
        store.accepted(generation: 1)
        let first = Task { await store.refused(generation: 1) }
        try await eventually("the exchange") { exchange.seen.count == 2 }
        let second = Task { await store.refused(generation: 1) }
        first.cancel()
        #expect(await second.value)
        #expect(await !first.value)
        #expect(exchange.seen.count == 3)
    }

    @Test(
        "Waiting for the first token ends with why there is none: at once where it is refused, after some attempts else",
        arguments: [
            (TokenExchangeError.Reason.refused, BridgeError.Code.notAuthorized, 1), (.transport, .unavailable, 3),
            (.timeout, .unavailable, 3), (.rateLimited, .unavailable, 3), (.invalidResponse, .unavailable, 3),
        ])
    func none(reason: TokenExchangeError.Reason, code: BridgeError.Code, exchanges: Int) async throws {
        let exchange = StubExchange { _ throws(TokenExchangeError) in throw .of(reason) }
        var limits = TokenSchedule.Limits()
        limits.retry = RetrySchedule(initial: .milliseconds(1), maximum: .milliseconds(1))
        let store = try exchange.store(file, limits: limits)
        let error = await #expect(throws: BridgeError.self) { try await store.firstCredentials() }
        #expect(error?.code == code)
        #expect(exchange.seen.count == exchanges)
        #expect(store.waitsForToken)
    }

    @Test("A subject token that cannot be read is named by its file, and exchanged as soon as it can be")
    func unreadable() async throws {
        let exchange = StubExchange { call in AccessToken(token: "t\(call)", expiresIn: .seconds(900)) }
        try file.write(" \n")
        var limits = TokenSchedule.Limits()
        limits.retry = RetrySchedule(initial: .milliseconds(1), maximum: .milliseconds(1))
        let store = try exchange.store(file, limits: limits)
        let error = await #expect(throws: BridgeError.self) { try await store.firstCredentials() }
        #expect(error?.code == .configuration)
        #expect(error?.message.contains(file.path) == true)
        #expect(exchange.seen.isEmpty)
        try file.write("subject-2")
        try await store.firstCredentials()
        #expect(exchange.seen == ["subject-2"])
    }

    @Test("Neither a token nor a subject token is in any error or log event, nor in what the store prints")
    func secrets() async throws {
        let events = Mutex<[String]>([])
        let log = EventLog(level: .trace) { event in events.withLock { $0.append("\(event.message) \(event.metadata)") }
        }
        try file.write("hush-subject")
        let exchange = StubExchange { call throws(TokenExchangeError) in
            if call == 1 { throw .of(.refused) }
            return AccessToken(token: "hush-token", expiresIn: .seconds(900))
        }
        let store = try exchange.store(file, log: log)
        try await store.firstCredentials()
        store.accepted(generation: 1)
        #expect(await !store.refused(generation: 1))
        let texts = events.withLock { $0 } + ["\(store.current as Any)", String(reflecting: store.current as Any)]
        #expect(texts.count == 4)
        for text in texts { #expect(!text.contains("hush"), "\(text)") }
    }
}
