internal import Dispatch
internal import RDKafka

/// Produces requests one after the other on a thread of its own, as fast as the brokers take them, in bounded memory.
struct RequestSender: Sendable {
    let producer: Producer
    let topic: ProducerTopic
    let tally: SendTally
    var key: [UInt8]?
    var headers: [RecordHeader] = []
    let progressOutput: any TextOutput

    /// Sends all of them; they are queued when it returns, not yet acknowledged.
    ///
    /// - Returns: how many were queued, and what stopped it before the end.
    func send(_ source: RequestSource) async -> (queued: Int, failure: CommandFailure?) {
        await withCheckedContinuation { continuation in
            // A queue of its own gets a thread beside the cooperative pool: reading and waiting for room block.
            DispatchQueue(label: "send").async { continuation.resume(returning: run(source)) }
        }
    }

    private func run(_ source: RequestSource) -> (queued: Int, failure: CommandFailure?) {
        var queued = 0
        var progress = ProgressLine(progressOutput)
        let start = ContinuousClock.now
        defer { progress.clear() }
        do throws(CommandFailure) {
            try source.forEach { (value) throws(CommandFailure) in
                guard tally.firstError == nil else { return false }
                try produce(value)
                queued += 1
                if queued % 256 == 0 {
                    let rate = NumberText.rate(queued, in: .now - start)
                    progress.update("\(NumberText.counted(queued, "request")) sent, \(rate)/s")
                }
                return true
            }
            return (queued, nil)
        } catch {
            return (queued, error)
        }
    }

    private func produce(_ value: [UInt8]) throws(CommandFailure) {
        while true {
            do throws(KafkaError) {
                return try Self.produce(value, key: key, headers: headers, to: topic, producer)
            } catch {
                guard error.code == .queueFull else { throw CommandFailure(ExitCode(error), error.message) }
                // Room comes with deliveries; where they fail for good, that is what ends it.
                if let failed = tally.firstError { throw CommandFailure(ExitCode(failed), failed.message) }
                tally.waitForReports()
            }
        }
    }

    /// Queues one record; never blocks.
    static func produce(
        _ value: [UInt8]?, key: [UInt8]?, headers: [RecordHeader], to topic: ProducerTopic, _ producer: Producer
    ) throws(KafkaError) {
        var list = ProducerHeaders(capacity: headers.count)
        for header in headers {
            var name = header.name
            name.withUTF8 { name in
                withBytes(header.value) { list.add(name: UnsafeRawBufferPointer(name), value: $0) }
            }
        }
        let result = withBytes(key) { key in
            withBytes(value) { value in
                Result { () throws(KafkaError) in
                    try producer.produce(to: topic, key: key, value: value, headers: &list, timestamp: 0, token: 0)
                }
            }
        }
        try result.get()
    }

    /// A null stays a null.
    private static func withBytes<R>(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
        guard let bytes else { return body(nil) }
        return bytes.withUnsafeBytes { body($0) }
    }
}
