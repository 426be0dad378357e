import CURLTransport
import Foundation
import MicroHTTPServer
import Synchronization
import Testing

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("CURLTransport and tasks", .timeLimit(.minutes(1)))
struct TaskTests {
    @Test("A transfer that runs, and one that waits for it, end with their tasks, and the connection is free again")
    func cancelledDuring() async throws {
        let arrived = Mutex(0)
        let server = try HTTPServer { request in
            arrived.withLock { $0 += 1 }
            return request.path == "/hang" ? .hang : .respond(HTTPServerResponse(status: 200))
        }
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port, connections: 1)
        let running = Task { await transport.error(of: "/hang") }
        #expect(try await eventually { arrived.withLock { $0 } == 1 })
        let waiting = Task { await transport.error(of: "/waiting") }
        waiting.cancel()
        #expect(await waiting.value?.code == .cancelled)
        let start = ContinuousClock.now
        running.cancel()
        #expect(await running.value?.code == .cancelled)
        #expect(await running.value?.isRetriable == false)
        #expect(ContinuousClock.now - start < .seconds(5), "and not at its timeout")
        #expect(try await transport.get("/next").status == 200)
        #expect(arrived.withLock { $0 } == 2, "what was cancelled while it waited was not sent")
    }

    @Test(
        "1,000 requests of which every second is cancelled at any moment: each ends once, with its answer or cancelled")
    func cancelledAtRandom() async throws {
        let server = try HTTPServer { .respond(HTTPServerResponse(status: 200, body: Array($0.path.utf8))) }
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port, connections: 8)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<1000 {
                group.addTask {
                    let task = Task { try await transport.get("/\(index)") }
                    if index.isMultiple(of: 2) {
                        if index.isMultiple(of: 4) { await Task.yield() }
                        task.cancel()
                    }
                    do {
                        let response = try await task.value
                        #expect(response.body == Array("/\(index)".utf8))
                    } catch {
                        #expect(index.isMultiple(of: 2))
                        #expect((error as? HTTPTransportError)?.code == .cancelled)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try await transport.get("/after").status == 200)
    }

    @Test("A child task that prefers the executor runs on the transport's thread, before and after a transfer")
    func executor() async throws {
        let server = try HTTPServer { _ in .respond(HTTPServerResponse(status: 200)) }
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port)
        let threads = try await withThrowingTaskGroup(of: [UInt].self) { group in
            for index in 0..<50 {
                group.addTask(executorPreference: transport.executor) {
                    var threads = [currentThread()]
                    for _ in 0..<3 {
                        _ = try await transport.get("/\(index)")
                        threads.append(currentThread())
                    }
                    return threads
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(threads.count == 200)
        #expect(Set(threads).count == 1)
        #expect(!threads.contains(currentThread()))
    }

    @Test("Tasks that keep the executor busy do not keep transfers from ending")
    func fairness() async throws {
        let server = try HTTPServer { _ in .respond(HTTPServerResponse(status: 200)) }
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port)
        let isDone = Flag()
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: transport.executor) {
                while !isDone.isSet { await Task.yield() }
            }
            group.addTask {
                #expect(await transport.error(of: "/x") == nil)
                isDone.set()
            }
        }
    }

    @Test("A transport that is shut down ends what hangs, in time, and again; tasks on its executor go on")
    func shutDown() async throws {
        let arrived = Mutex(0)
        let server = try HTTPServer { _ in
            arrived.withLock { $0 += 1 }
            return .hang
        }
        defer { server.stop() }
        let transport = try CURLTransport.test(port: server.port, connections: 2)
        let hanging = (0..<5).map { index in
            Task(executorPreference: index.isMultiple(of: 2) ? transport.executor : nil) {
                await transport.error(of: "/\(index)")?.code
            }
        }
        #expect(try await eventually { arrived.withLock { $0 } == 2 })
        let start = ContinuousClock.now
        await transport.shutDown(timeout: .seconds(10))
        await transport.shutDown(timeout: .seconds(10))
        #expect(ContinuousClock.now - start < .seconds(5))
        for task in hanging { #expect(await task.value == .shutDown) }
        let late = Task(executorPreference: transport.executor) { await transport.error(of: "/late")?.code }
        #expect(await late.value == .shutDown)
    }
}

private func currentThread() -> UInt { UInt(pthread_self()) }

private final class Flag: Sendable {
    private let state = Mutex(false)
    var isSet: Bool { state.withLock { $0 } }
    func set() { state.withLock { $0 = true } }
}
