import Foundation
import NotificationsAPI
import Synchronization
import Testing

@testable import IntegrationBridge

@Suite("A secret in a file", .timeLimit(.minutes(1)))
struct SecretFileTests {
    private func store(_ path: String, log: EventLog = .silent) throws -> CredentialStore {
        var api = BridgeConfiguration.API()
        api.key = "key"
        api.secretFile = path
        return try CredentialStore(api, log: log)
    }

    private func credentials(_ secret: String) -> Credentials { .apiKey(key: "key", secret: secret) }

    @Test("A changed file gives new credentials within about a second, and tells so once")
    func change() async throws {
        let file = try TemporaryFile("one\n")
        let store = try store(file.path)
        let changes = Atomic<Int>(0)
        store.onChange { changes.wrappingAdd(1, ordering: .relaxed) }
        #expect(store.current?.credentials == credentials("one") && store.current?.generation == 1)
        let start = ContinuousClock.now
        try file.write(" two ")
        try await eventually("the new secret") { store.current?.generation == 2 }
        #expect(ContinuousClock.now - start < .seconds(10))
        #expect(store.current?.credentials == credentials("two"))
        #expect(changes.load(ordering: .relaxed) == 1)
    }

    @Test("A refused secret is read again at once: a changed one is nobody's fault, the same one is")
    func refused() async throws {
        let file = try TemporaryFile("one")
        let store = try store(file.path)
        #expect(await !store.refused(generation: 1))
        try file.write("two")
        #expect(await store.refused(generation: 1))
        #expect(store.current?.credentials == credentials("two"))
        #expect(await store.refused(generation: 1), "one that comes late finds the new secret")
        #expect(await !store.refused(generation: 2))
    }

    @Test("A file that cannot be read, or is empty for a moment, leaves the secret as it was")
    func unreadable() async throws {
        let file = try TemporaryFile("one")
        let store = try store(file.path)
        for text in ["", " \n"] {
            try file.write(text)
            #expect(await !store.refused(generation: 1))
        }
        try FileManager.default.removeItem(atPath: file.path)
        #expect(await !store.refused(generation: 1))
        #expect(store.current?.credentials == credentials("one"))
        try file.write("two")
        #expect(await store.refused(generation: 1))
    }

    @Test("A link that is set to another file, as mounted secrets are, is a change")
    func link() async throws {
        let (old, new) = (try TemporaryFile("one"), try TemporaryFile("two"))
        let path = old.directory.appendingPathComponent("link").path
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: old.path)
        let store = try store(path)
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: new.path)
        try await eventually("the new secret") { store.current?.generation == 2 }
        #expect(store.current?.credentials == credentials("two"))
    }

    @Test("While the secret stands refused nobody calls; its file is looked at all the same")
    func watch() async throws {
        let file = try TemporaryFile("one")
        let log = Mutex<[String]>([])
        let store = try store(
            file.path, log: EventLog(level: .trace) { event in log.withLock { $0.append("\(event)") } })
        let changed = Atomic<Bool>(false)
        store.onChange { changed.store(true, ordering: .relaxed) }
        #expect(await !store.refused(generation: 1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await store.run() }
            try file.write("hush")
            try await eventually("the new secret") { changed.load(ordering: .relaxed) }
            group.cancelAll()
        }
        #expect(store.current?.generation == 2)
        let lines = log.withLock { $0 }
        #expect(lines.count == 1)
        #expect(lines.allSatisfy { !$0.contains("hush") })
    }

    @Test("A file that cannot be read at the start is an error that names it; so is one too large to be a secret")
    func start() throws {
        let missing = #expect(throws: BridgeError.self) { try store("/does/not/exist") }
        #expect(missing?.code == .configuration && missing?.message.contains("/does/not/exist") == true)
        let large = try TemporaryFile(String(repeating: "hush", count: 20_000))
        let error = #expect(throws: BridgeError.self) { try store(large.path) }
        #expect(error?.message.contains("hush") == false)
        #expect(throws: BridgeError.self) { try store(large.directory.path) }
    }

    @Test("Credentials that cannot change are refused for good, and none are never waited for")
    func fixed() async throws {
        var api = BridgeConfiguration.API()
        api.key = "key"
        api.secret = Secret("hush")
        let store = try CredentialStore(api)
        await store.run()
        try await store.firstCredentials()
        #expect(await !store.refused(generation: 1))
        #expect(store.current?.credentials == credentials("hush"))
        api.auth = .none
        let open = try CredentialStore(api)
        #expect(open.current?.credentials == Credentials.none && !open.waitsForToken)
    }
}
