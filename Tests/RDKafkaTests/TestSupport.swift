import RDKafka
import Synchronization
import Testing

/// What a consumer told its delegate, and what to answer.
final class RecordingDelegate: ConsumerDelegate {
    enum Call: Equatable {
        case assigned([TopicPartition], epoch: UInt64)
        case revoked([TopicPartition])
        case lost([TopicPartition])
        case rewound([TopicPartition])
    }

    private let state = Mutex<[Call]>([])
    private let onRevoke: @Sendable ([AssignedPartition]) -> [TopicPartitionOffset]

    init(onRevoke: @escaping @Sendable ([AssignedPartition]) -> [TopicPartitionOffset] = { _ in [] }) {
        self.onRevoke = onRevoke
    }

    var calls: [Call] { state.withLock { $0 } }

    func consumer(assigned: [AssignedPartition]) {
        state.withLock { $0.append(.assigned(assigned.map(\.topicPartition), epoch: assigned.first?.epoch ?? 0)) }
    }

    func consumer(revoked: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset] {
        state.withLock { $0.append(.revoked(revoked.map(\.topicPartition))) }
        return onRevoke(revoked)
    }

    func consumer(lost: [AssignedPartition]) {
        state.withLock { $0.append(.lost(lost.map(\.topicPartition))) }
    }

    func consumer(rewound: [AssignedPartition]) {
        state.withLock { $0.append(.rewound(rewound.map(\.topicPartition))) }
    }
}

/// A box for what callbacks bring.
final class Collected<Value: Sendable>: Sendable {
    private let values = Mutex<[Value]>([])

    func append(_ value: Value) { values.withLock { $0.append(value) } }
    func append(_ more: [Value]) { values.withLock { $0.append(contentsOf: more) } }
    var all: [Value] { values.withLock { $0 } }
    var count: Int { values.withLock { $0.count } }
}

/// Waits for a condition, and fails the test where it does not come.
func eventually(
    within limit: Duration = .seconds(30), _ what: String, sourceLocation: SourceLocation = #_sourceLocation,
    _ condition: () async throws -> Bool
) async throws {
    let deadline = ContinuousClock.now.advanced(by: limit)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            Issue.record("did not come in \(limit): \(what)", sourceLocation: sourceLocation)
            return
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// How long a call takes, less what the machine kept tasks waiting meanwhile: many tests share its threads.
func unhinderedTime(of call: () async throws -> Void) async rethrows -> Duration {
    let pulse = Task {
        var late = Duration.zero
        while !Task.isCancelled {
            let start = ContinuousClock.now
            try? await Task.sleep(for: .milliseconds(20))
            let excess = ContinuousClock.now - start - .milliseconds(40)
            if excess > .zero { late += excess }
        }
        return late
    }
    let start = ContinuousClock.now
    defer { pulse.cancel() }
    try await call()
    let time = ContinuousClock.now - start
    pulse.cancel()
    return time - (await pulse.value)
}

extension ConsumerConfiguration {
    /// Reads one topic of a mock cluster. A first join takes the session timeout less a second.
    static func test(
        _ cluster: MockCluster, topics: [String], group: String = "group", more: [KafkaProperty] = []
    ) -> ConsumerConfiguration {
        var configuration = ConsumerConfiguration(
            bootstrapServers: cluster.bootstrapServers, groupID: group, topics: topics)
        configuration.properties =
            [
                KafkaProperty("session.timeout.ms", "4000"), KafkaProperty("heartbeat.interval.ms", "200"),
                KafkaProperty("topic.metadata.refresh.interval.ms", "1000"),
            ] + more
        configuration.clientID = "test"
        return configuration
    }
}

extension Consumer {
    /// Reads until so many records are there, or the time is over.
    func records(_ count: Int, within limit: Duration = .seconds(30)) async throws -> [Record] {
        let watchdog = Task {
            try await Task.sleep(for: limit)
            await close(timeout: .seconds(1))
        }
        defer { watchdog.cancel() }
        var records: [Record] = []
        for try await batch in batches {
            for index in 0..<batch.count { records.append(batch[index]) }
            if records.count >= count { break }
        }
        return records
    }
}

/// Writes records and waits for all acknowledgements.
func produce(_ records: [ProducerRecord], to bootstrapServers: String) async throws {
    let failures = Collected<KafkaError>()
    let reports = Collected<UInt64>()
    var configuration = ProducerConfiguration(bootstrapServers: bootstrapServers)
    configuration.properties = [KafkaProperty("queue.buffering.max.messages", "\(max(1, records.count))")]
    let producer = try Producer(configuration) { batch in
        reports.append(batch.map(\.token))
        failures.append(batch.compactMap(\.error))
    }
    for (index, record) in records.enumerated() {
        var headers = ProducerHeaders()
        for header in record.headers {
            header.name.withBytes { name in header.value.withBytes { headers.add(name: name, value: $0) } }
        }
        let topic = try producer.topic(record.topic)
        try record.key.withBytes { key in
            try record.value.withBytes { value in
                try producer.produce(
                    to: topic, partition: record.partition ?? Producer.unassigned, key: key, value: value,
                    headers: &headers, timestamp: record.timestamp ?? 0, token: UInt64(index))
            }
        }
    }
    try await producer.flush(timeout: .seconds(20))
    try await eventually("all deliveries are reported") { reports.count == records.count }
    await producer.close(timeout: .seconds(5))
    if let failure = failures.all.first { throw failure }
}

extension String {
    func withBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
        try Array(utf8).withUnsafeBytes(body)
    }
}

extension Optional<[UInt8]> {
    func withBytes<R>(_ body: (UnsafeRawBufferPointer?) throws -> R) rethrows -> R {
        guard let self else { return try body(nil) }
        return try self.withUnsafeBytes { try body($0) }
    }
}

/// `count` records whose values are their numbers, spread over partitions.
func numbered(_ range: Range<Int>, topic: String, partitions: Int32 = 1) -> [ProducerRecord] {
    range.map {
        ProducerRecord(
            topic: topic, partition: Int32($0) % partitions, key: Array("k\($0)".utf8), value: Array("\($0)".utf8))
    }
}

extension Record {
    var number: Int { value.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? -1 }
    var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}
