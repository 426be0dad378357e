import Testing

@testable import RDKafka

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

@Suite("What is made of the library's own formats and calls")
struct GroupMetadataTests {
    private func bytes(_ generation: Int32, _ texts: String...) -> [UInt8] {
        Array("CGMDv2:".utf8) + withUnsafeBytes(of: generation) { Array($0) } + texts.flatMap { Array($0.utf8) }
    }

    private func read(_ bytes: [UInt8]) -> ConsumerGroupMetadata? {
        bytes.withUnsafeBytes { ConsumerGroupMetadata(serialized: $0) }
    }

    @Test("a membership is read from what the library writes, with and without an instance id")
    func memberships() {
        #expect(
            read(bytes(7, "group\0", "member\0", "\u{1}"))
                == ConsumerGroupMetadata(groupID: "group", generation: 7, memberID: "member"))
        #expect(
            read(bytes(-1, "g\0", "\0", "\0", "instance\0"))
                == ConsumerGroupMetadata(groupID: "g", generation: -1, memberID: "", instanceID: "instance"))
    }

    @Test("anything else is no membership")
    func others() {
        let whole = bytes(7, "group\0", "member\0", "\0", "instance\0")
        for length in 0..<whole.count { #expect(read(Array(whole.prefix(length))) == nil, "\(length)") }
        #expect(read(Array("CGMDv3:".utf8) + whole.dropFirst(7)) == nil)
    }

    @Test("a call that does not end is left behind after its time and grace; those behind it are not made")
    func leftBehind() async {
        let calls = BlockingCalls(label: "test")
        let gate = Signal()
        let left = KafkaError(.failed, "left behind")
        let entered = Signal()
        async let stuck = outcome {
            () async throws(KafkaError) -> Int in
            try await calls.run("stuck", timeout: .milliseconds(50), orElse: left, after: .milliseconds(50)) { _ in
                entered.fire()
                while !gate.hasFired { sched_yield() }
                return .success(1)
            }
        }
        _ = await entered.wait(until: .now.advanced(by: .seconds(10)))
        let behind = await outcome { () async throws(KafkaError) -> Int in
            try await calls.run("behind", timeout: .milliseconds(50), orElse: left, after: .milliseconds(50)) { _ in
                Issue.record("made after its time")
                return .success(2)
            }
        }
        #expect(behind == "timedOut")
        #expect(await stuck == "failed")
        gate.fire()
        let next = await outcome { () async throws(KafkaError) -> Int in
            try await calls.run("next", timeout: .seconds(10), orElse: left, after: .zero) { _ in .success(3) }
        }
        #expect(next == "3")
    }

    private func outcome(_ call: @Sendable () async throws(KafkaError) -> Int) async -> String {
        do throws(KafkaError) {
            return "\(try await call())"
        } catch {
            return error.code == .timedOut ? "timedOut" : error.code == .failed ? "failed" : error.name
        }
    }

    @Test(
        "what requires an abort is aborted, whatever else it is; what is neither that nor retriable needs a new producer"
    )
    func recoveries() {
        func recovery(fatal: Bool, retriable: Bool, abort: Bool) -> KafkaError.TransactionRecovery {
            KafkaError(.failed, "", isFatal: fatal, isRetriable: retriable, requiresAbort: abort).transactionRecovery
        }
        #expect(recovery(fatal: false, retriable: true, abort: true) == .abort)
        #expect(recovery(fatal: false, retriable: true, abort: false) == .callAgain)
        #expect(recovery(fatal: true, retriable: true, abort: false) == .newProducer)
        #expect(recovery(fatal: false, retriable: false, abort: false) == .newProducer)
    }
}
