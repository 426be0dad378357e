internal import CLibRDKafka
internal import Dispatch
internal import Synchronization

/// An idempotent producer that reports deliveries in batches, on a thread of its own.
///
/// The library's handle goes, on a thread of its own, when the last of the producer and its topics is released.
public final class Producer: Sendable {
    /// The library's own choice of partition: by the key, at random without one.
    public static let unassigned: Int32 = -1

    let client: NativeClient
    let configuration: ProducerConfiguration
    private let queue: NativeQueue
    let sendQueue: SendQueue
    private let reporter: DeliveryReporter
    /// The delivery thread has ended.
    private let ended = Signal()
    private let topics = ProducerTopics()
    private let calls = BlockingCalls(label: "kafka-producer-calls")
    /// One after the other: the library takes no two at a time.
    let transactions = BlockingCalls(label: "kafka-transactions")
    /// Set where one of them did not end.
    let abandonment = Mutex<KafkaError?>(nil)

    /// Starts the producer. Brokers are not waited for.
    ///
    /// - Parameters:
    ///   - configuration: Where and how to write.
    ///   - onRoom: Called on a thread of the producer's where a record was refused because many wait to be sent, and there
    ///     is room now: it must not block.
    ///   - onDeliveries: Takes reports in batches, on a thread of the producer's: it must not block. Records of `send` are
    ///     not among them.
    /// - Throws: `KafkaError` for a property that is refused or not valid.
    public init(
        _ configuration: ProducerConfiguration, onRoom: @escaping @Sendable () -> Void = {},
        onDeliveries: @escaping @Sendable ([DeliveryReport]) -> Void
    ) throws(KafkaError) {
        client = try NativeClient(.producer, try configuration.makeNative())
        self.configuration = configuration
        queue = NativeQueue(mainOf: client)
        queue.takeLogLines()
        sendQueue = SendQueue(configuration.sendLimits, usesTransactions: configuration.transactionalID != nil)
        reporter = DeliveryReporter(sends: PendingSends(), onDeliveries: onDeliveries)
        try KafkaThread.start(name: "kafka-delivery") { [queue, sendQueue, reporter, ended] in
            DeliveryLoop(configuration, queue: queue, sendQueue: sendQueue, reporter: reporter, ended: ended).run()
        }
        do throws(KafkaError) {
            try KafkaThread.start(name: "kafka-send") { [client, topics, sendQueue, reporter] in
                // Records name their topics by pointers: these must be there for as long.
                withExtendedLifetime(topics) { SendLoop(sendQueue, client, reporter, onRoom: onRoom).run() }
            }
        } catch {
            stop()
            throw error
        }
    }

    deinit {
        stop()
    }

    /// Whether deliveries are reported no more.
    var isStopping: Bool { sendQueue.isStopping }

    private func stop() {
        sendQueue.stop()
        queue.wake()
    }

    /// The fatal error that was met, if any: nothing more can be produced then, close it and build a new one.
    public var fatalError: KafkaError? { client.fatalError ?? abandonment.withLock { $0 } }

    /// Records that are queued or in flight, and reports that were not told yet.
    public var queuedCount: Int { sendQueue.waitingCount + Int(rd_kafka_outq_len(client.handle)) }

    /// A topic to produce to; the same object each time.
    ///
    /// - Throws: `KafkaError` for a name that cannot be one.
    public func topic(_ name: String) throws(KafkaError) -> ProducerTopic {
        try topics.topic(name, client)
    }

    /// Queues a record; never blocks.
    ///
    /// - Parameters:
    ///   - topic: One of this producer's topics.
    ///   - partition: A partition, or `unassigned`.
    ///   - key: nil is a null, which is not the same as empty. Copied.
    ///   - value: The same.
    ///   - headers: Emptied where the record is taken, left as they are where it is not.
    ///   - timestamp: Milliseconds since 1970 in UTC; now where it is not above 0.
    ///   - token: Comes back with the delivery report. Its top bit must not be set.
    /// - Throws: `KafkaError`: `queueFull` is back-pressure, and the caller keeps the record; `messageTooLarge`. What else
    ///   keeps a record from being written is in its report.
    package func produce(
        to topic: ProducerTopic, partition: Int32 = Producer.unassigned, key: UnsafeRawBufferPointer?,
        value: UnsafeRawBufferPointer?, headers: inout ProducerHeaders, timestamp: Int64, token: UInt64
    ) throws(KafkaError) {
        let headerBytes = headers.byteCount
        try headers.handOver { list throws(KafkaError) in
            try sendQueue.append(
                topic: topic, partition: partition, key: key, value: value, headers: list, headerBytes: headerBytes,
                timestamp: timestamp, token: token)
        }
    }

    /// Writes a record and waits for its acknowledgement: for tools and tests.
    ///
    /// - Parameters:
    ///   - record: What to write.
    ///   - timeout: After this it throws; the record may still be written then.
    /// - Returns: Where it was written.
    /// - Throws: `KafkaError`: `queueFull`, `timedOut`, or why it was not delivered.
    public func send(_ record: ProducerRecord, timeout: Duration) async throws(KafkaError) -> TopicPartitionOffset {
        let topic = try topic(record.topic)
        let sends = reporter.sends
        let report = await withCheckedContinuation { (continuation: CheckedContinuation<DeliveryReport, Never>) in
            let token = sends.register(continuation)
            @Sendable func end(_ error: KafkaError) {
                sends.resolve(DeliveryReport(token: token, partition: -1, offset: -1, error: error))
            }
            guard !isStopping else { return end(.closed("producer")) }
            do throws(KafkaError) {
                try produce(record, to: topic, token: token)
            } catch {
                return end(error)
            }
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(timeout.clampedMilliseconds))) {
                end(.timedOut("Producing to the topic '\(record.topic)'", after: timeout))
            }
        }
        if let error = report.error { throw error }
        return TopicPartitionOffset(
            topicPartition: TopicPartition(topic: record.topic, partition: report.partition), offset: report.offset)
    }

    private func produce(_ record: ProducerRecord, to topic: ProducerTopic, token: UInt64) throws(KafkaError) {
        var headers = ProducerHeaders(capacity: record.headers.count)
        for header in record.headers {
            var name = header.name
            name.withUTF8 { name in
                if let value = header.value {
                    value.withUnsafeBytes { headers.add(name: UnsafeRawBufferPointer(name), value: $0) }
                } else {
                    headers.add(name: UnsafeRawBufferPointer(name), value: nil)
                }
            }
        }
        let result = Self.withBytes(record.key) { key in
            Self.withBytes(record.value) { value in
                Result { () throws(KafkaError) in
                    try produce(
                        to: topic, partition: record.partition ?? Self.unassigned, key: key, value: value,
                        headers: &headers, timestamp: record.timestamp ?? 0, token: token)
                }
            }
        }
        try result.get()
    }

    private static func withBytes<R>(_ bytes: [UInt8]?, _ body: (UnsafeRawBufferPointer?) -> R) -> R {
        guard let bytes else { return body(nil) }
        return bytes.withUnsafeBytes { body($0) }
    }

    /// Sends what is queued at once, and waits until all of it is acknowledged or has failed.
    ///
    /// - Throws: `KafkaError`: `timedOut` where records are left; they stay queued.
    public func flush(timeout: Duration) async throws(KafkaError) {
        try await calls.run("Flushing the producer", timeout: timeout) {
            [client, sendQueue] deadline -> Result<Void, KafkaError> in
            guard sendQueue.drain(until: deadline) else {
                return .failure(
                    .timedOut("Flushing the producer, \(sendQueue.waitingCount) records unsent", after: timeout))
            }
            let error = rd_kafka_flush(client.handle, deadline.remainingMilliseconds)
            guard error != RD_KAFKA_RESP_ERR_NO_ERROR else { return .success(()) }
            let left = rd_kafka_outq_len(client.handle)
            return .failure(KafkaError(error, during: "Flushing the producer, \(left) records left"))
        }
    }

    /// Asks the cluster for a topic's partitions. Do this before the first record: it could wait a second else.
    ///
    /// - Returns: The partitions' numbers.
    /// - Throws: `KafkaError` where the topic does not exist, may not be described, or nobody answers in time.
    package func metadata(topic name: String, timeout: Duration) async throws(KafkaError) -> [Int32] {
        let topic = try topic(name)
        return try await calls.run("Describing the topic '\(name)'", timeout: timeout) { [client] deadline in
            TopicMetadata.read(topic.pointer, name, client, until: deadline).flatMap { description in
                if let error = description.error { return .failure(error) }
                return .success(description.partitions.map(\.partition))
            }
        }
    }

    /// What the brokers take at most of a batch of records for any of these topics: the least `max.message.bytes`.
    ///
    /// - Returns: nil where a topic has no such setting.
    /// - Throws: `KafkaError` where nobody answers in time, or the principal may not read the topics' settings.
    package func maximumMessageBytes(ofTopics topics: [String], timeout: Duration) async throws(KafkaError) -> Int? {
        let name = "max.message.bytes"
        let settings = try await calls.run("Reading \(name) of topics", timeout: timeout) { [client] deadline in
            AdminCalls(client).setting(name, ofTopics: topics, until: deadline)
        }
        return settings.values.compactMap { Int($0) }.min()
    }

    /// Sends what is queued, gives up what is not acknowledged in time (its reports say so), and ends the delivery thread.
    ///
    /// May be called again.
    public func close(timeout: Duration) async {
        let deadline = ContinuousClock.now.advanced(by: timeout)
        guard !ended.hasFired else { return }
        do throws(KafkaError) {
            try await flush(timeout: timeout)
        } catch {
            giveUpWaiting()
            let everywhere = RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT
            rd_kafka_purge(client.handle, everywhere)
            // The sending thread sees in a moment that all is given up; what it handed over until then goes too.
            try? await calls.run("Giving up records", timeout: .milliseconds(500)) {
                [sendQueue] deadline -> Result<Void, KafkaError> in
                _ = sendQueue.drain(until: deadline)
                return .success(())
            }
            rd_kafka_purge(client.handle, everywhere)
            // The reports of what was purged come by the delivery thread.
            try? await flush(timeout: .seconds(1))
        }
        stop()
        _ = await ended.wait(until: max(deadline, .now.advanced(by: .seconds(1))))
    }

    /// Gives up what the library does not have yet, and reports it; the sending thread does so with what it holds.
    func giveUpWaiting() {
        var batch = OutgoingBatch()
        sendQueue.giveUp(into: &batch)
        let failed = batch.giveUp()
        guard !failed.isEmpty else { return }
        reporter.fail(failed)
        sendQueue.handedOver(failed.count, failed: failed)
    }
}
