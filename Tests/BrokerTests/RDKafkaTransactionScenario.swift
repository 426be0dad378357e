import RDKafka
import Synchronization
import Testing

/// Requests of one partition that are answered in transactions: topics, a group and an id of one test.
final class TransactionScenario: Sendable {
    let broker: KafkaBroker
    let requests: String
    let results: String
    let group = KafkaBroker.unique("group")
    let id = KafkaBroker.unique("transactional")
    private let plain: Producer

    init(broker: KafkaBroker? = nil, requests count: Int, partitions: Int32 = 1) async throws {
        let broker = try broker ?? KafkaBroker.shared()
        self.broker = broker
        requests = try await broker.topic("requests", partitions: partitions)
        results = try await broker.topic("results")
        plain = try Producer(ProducerConfiguration(bootstrapServers: broker.bootstrapServers)) { _ in }
        for number in 0..<count {
            try await write("\(number)", to: requests, partition: Int32(number) % partitions)
        }
    }

    var partition: TopicPartition { TopicPartition(topic: requests, partition: 0) }

    /// Writes a record without a transaction.
    func write(_ value: String, to topic: String, partition: Int32 = 0) async throws {
        _ = try await plain.send(
            ProducerRecord(topic: topic, partition: partition, value: Array(value.utf8)), timeout: .seconds(20))
    }

    func consumerConfiguration(_ more: [KafkaProperty] = []) -> ConsumerConfiguration {
        var configuration = ConsumerConfiguration(
            bootstrapServers: broker.bootstrapServers, groupID: group, topics: [requests])
        configuration.properties =
            [KafkaProperty("session.timeout.ms", "6000"), KafkaProperty("heartbeat.interval.ms", "300")] + more
        return configuration
    }

    /// A transactional producer that is ready to begin. Its transactions may take long: a busy machine stands still at times.
    func producer(id: String? = nil, timeout: Duration = .seconds(60)) async throws -> TransactionalWriter {
        let writer = try TransactionalWriter(broker, id: id ?? self.id, results: results, timeout: timeout)
        try await writer.producer.initTransactions(timeout: .seconds(30))
        return writer
    }

    func offset(_ offset: Int64) -> [TopicPartitionOffset] {
        [TopicPartitionOffset(topicPartition: partition, offset: offset)]
    }

    /// A membership that no broker checks: of somebody who uses no group.
    var stranger: ConsumerGroupMetadata { ConsumerGroupMetadata(groupID: group, generation: -1, memberID: "") }

    /// The end of what may be seen of the results: an open transaction holds it back.
    func lastSeen() async throws -> Int64 {
        let reader = try GroupReader(consumerConfiguration())
        let results = TopicPartition(topic: results, partition: 0)
        return try await reader.watermarks(of: [results], timeout: .seconds(30))[results]?.high ?? -1
    }

    /// What the group has committed.
    func committed() async throws -> Int64? {
        let reader = try GroupReader(consumerConfiguration())
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do throws(KafkaError) {
                return try await reader.committed([partition], timeout: .seconds(30))[partition]
            } catch {
                // A coordinator that has just come up.
                guard error.isRetriable, ContinuousClock.now < deadline else { throw error }
            }
        }
    }

    /// The results that may be seen, in their order: everything before a record that is written now.
    func visibleResults() async throws -> [String] {
        let end = KafkaBroker.unique("end")
        try await write(end, to: results)
        var configuration = consumerConfiguration()
        configuration.groupID = KafkaBroker.unique("reader")
        configuration.topics = [results]
        let consumer = try Consumer(configuration, delegate: EpochDelegate())
        var values: [Int64: String] = [:]
        // By offsets: where its group is rebalanced, the reader begins again.
        for record in try await consumer.records(until: { $0.text == end }) where !record.text.hasPrefix("end") {
            values[record.offset] = record.text
        }
        await consumer.close(timeout: .seconds(10))
        return values.sorted { $0.key < $1.key }.map(\.value)
    }

    /// Stops the broker without ending it, and waits until it is silent: a signal takes its time on a busy machine.
    func freeze() async throws {
        try broker.command("freeze")
        let reader = try GroupReader(consumerConfiguration())
        let isSilent = try await eventually(within: .seconds(30)) {
            await failure { () async throws(KafkaError) in
                _ = try await reader.watermarks(of: [self.partition], timeout: .milliseconds(500))
            } != nil
        }
        #expect(isSilent)
    }
}

/// A transactional producer, and what it has reported.
final class TransactionalWriter: Sendable {
    let producer: Producer
    private let topic: ProducerTopic
    private let reported: Reported

    private final class Reported: Sendable {
        let reports = Mutex<[DeliveryReport]>([])
    }

    init(_ broker: KafkaBroker, id: String, results: String, timeout: Duration) throws {
        let reported = Reported()
        self.reported = reported
        var configuration = ProducerConfiguration(bootstrapServers: broker.bootstrapServers)
        configuration.transactionalID = id
        configuration.transactionTimeout = timeout
        producer = try Producer(configuration) { batch in reported.reports.withLock { $0 += batch } }
        topic = try producer.topic(results)
    }

    var reports: [DeliveryReport] { reported.reports.withLock { $0 } }

    func write(_ value: String, token: UInt64 = 0) throws(KafkaError) {
        var headers = ProducerHeaders()
        let bytes = Array(value.utf8)
        let result = bytes.withUnsafeBytes { value in
            Result { () throws(KafkaError) in
                try producer.produce(
                    to: topic, partition: 0, key: nil, value: value, headers: &headers, timestamp: 0, token: token)
            }
        }
        try result.get()
    }
}

/// Counts what it hears of assignments, by their epochs.
final class EpochDelegate: ConsumerDelegate {
    enum Call: Equatable {
        case assigned(epoch: UInt64, start: [Int64])
        case revoked(epoch: UInt64)
        case rewound(epoch: UInt64)
        case lost(epoch: UInt64)
    }

    private let state = Mutex<[Call]>([])
    private let onRevoke: @Sendable () -> Void

    init(onRevoke: @escaping @Sendable () -> Void = {}) { self.onRevoke = onRevoke }

    var calls: [Call] { state.withLock { $0 } }

    private func add(_ call: Call) { state.withLock { $0.append(call) } }

    func consumer(assigned: [AssignedPartition]) {
        add(.assigned(epoch: assigned.first?.epoch ?? 0, start: assigned.map(\.startOffset)))
    }

    func consumer(revoked: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset] {
        onRevoke()
        add(.revoked(epoch: revoked.first?.epoch ?? 0))
        return []
    }

    func consumer(lost: [AssignedPartition]) { add(.lost(epoch: lost.first?.epoch ?? 0)) }
    func consumer(rewound: [AssignedPartition]) { add(.rewound(epoch: rewound.first?.epoch ?? 0)) }
}

extension Consumer {
    /// Reads until a record comes, with it, or the time is over.
    func records(
        within limit: Duration = .seconds(60), until isLast: (Record) -> Bool
    ) async throws -> [Record] {
        let watchdog = Task {
            try await Task.sleep(for: limit)
            await close(timeout: .seconds(1))
        }
        defer { watchdog.cancel() }
        var records: [Record] = []
        for try await batch in batches {
            for index in 0..<batch.count { records.append(batch[index]) }
            if records.contains(where: isLast) { break }
        }
        return records
    }

    /// Reads so many records.
    func take(_ count: Int) async throws -> [Record] {
        var rest = count
        return try await records { _ in
            rest -= 1
            return rest <= 0
        }
    }
}

extension Record {
    var text: String { value.map { String(decoding: $0, as: UTF8.self) } ?? "" }
}

/// The error of a call; nil where it made it.
func failure(_ call: () async throws(KafkaError) -> Void) async -> KafkaError? {
    do throws(KafkaError) {
        try await call()
        return nil
    } catch {
        return error
    }
}
