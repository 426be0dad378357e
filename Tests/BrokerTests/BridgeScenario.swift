import Foundation
import JSONText
import NotificationsAPISimulator
import RDKafka
import Synchronization
import Testing

/// Topics, a group and a simulated API of one test, and the processes of the bridge that work on them.
final class BridgeScenario: Sendable {
    let broker: KafkaBroker
    let simulator: Simulator
    let requests: String
    let integrations: String
    let failures: String
    let group = KafkaBroker.unique("bridge")
    let partitions: Int32
    private let producer: Producer
    private let reader: GroupReader

    /// - Parameters:
    ///   - integrations: Settings of that topic.
    ///   - failures: Settings of that topic.
    init(
        broker: KafkaBroker? = nil, partitions: Int32 = 4, simulator: SimulatorConfiguration = SimulatorConfiguration(),
        integrations: [String: String] = [:], failures: [String: String] = [:]
    ) async throws {
        let broker = try broker ?? KafkaBroker.shared()
        self.broker = broker
        self.partitions = partitions
        self.simulator = try Simulator(simulator)
        requests = try await broker.topic("requests", partitions: partitions)
        self.integrations = try await broker.topic(
            "integrations", partitions: partitions, configuration: integrations)
        self.failures = try await broker.topic("failures", partitions: partitions, configuration: failures)
        producer = try Producer(ProducerConfiguration(bootstrapServers: broker.bootstrapServers)) { _ in }
        reader = try GroupReader(
            ConsumerConfiguration(bootstrapServers: broker.bootstrapServers, groupID: group, topics: [requests]))
    }

    deinit {
        simulator.stop()
    }

    /// Settings of a bridge for these topics, as environment variables without their prefix.
    var settings: [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": broker.bootstrapServers, "REQUESTS_TOPICS": requests,
            "REQUESTS_GROUP_ID": group, "INTEGRATIONS_TOPIC": integrations, "FAILURES_TOPIC": failures,
            "API_BASE_URL": simulator.baseURL, "API_AUTH": "none", "DELIVERY_COMMIT_INTERVAL": "200ms",
            "KAFKA_CONSUMER_PROPERTIES": "session.timeout.ms=6000,heartbeat.interval.ms=500",
            "LOOKUP_BACKOFF_INITIAL": "10ms", "LOOKUP_BACKOFF_MAX": "200ms", "SHUTDOWN_GRACE_PERIOD": "30s",
            "LOG_LEVEL": "debug",
        ]
    }

    func start(_ extra: [String: String] = [:]) throws -> BridgeProcess {
        try BridgeProcess(settings.merging(extra) { $1 })
    }

    @discardableResult
    func send(
        _ value: [UInt8]?, key: [UInt8]? = nil, headers: [RecordHeader] = [], partition: Int32? = nil,
        timestamp: Int64? = nil
    ) async throws -> TopicPartitionOffset {
        try await producer.send(
            ProducerRecord(
                topic: requests, partition: partition, key: key, value: value, headers: headers, timestamp: timestamp),
            timeout: .seconds(20))
    }

    /// Sends requests, each of its own id, spread over the partitions.
    func send(_ prefix: String, _ numbers: Range<Int>) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in numbers {
                if number - numbers.lowerBound >= 200 { try await group.next() }
                group.addTask {
                    _ = try await self.send(
                        Array("\(prefix)-\(number)".utf8), partition: Int32(number) % self.partitions)
                }
            }
            try await group.waitForAll()
        }
    }

    // MARK: Results

    /// Reads both output topics from their start until each of this many requests has a result.
    ///
    /// - Returns: the results by the `ce_id` of their request.
    func results(of count: Int, within time: Duration = .seconds(120)) async throws -> [String: [Record]] {
        try await read(within: time) { $0.byRequest.count >= count }.byRequest
    }

    /// Reads all that is in both output topics: up to a record of ours in each partition.
    ///
    /// - Returns: the results by the `ce_id` of their request.
    func allResults(within time: Duration = .seconds(120)) async throws -> [String: [Record]] {
        var ends: Set<[UInt8]> = []
        for topic in [integrations, failures] {
            for partition in 0..<partitions {
                let key = Array(KafkaBroker.unique("end").utf8)
                // An open transaction that is before it keeps it from being read.
                _ = try await producer.send(
                    ProducerRecord(topic: topic, partition: partition, key: key, value: []), timeout: .seconds(20))
                ends.insert(key)
            }
        }
        let results = try await read(within: time) { [ends] in $0.strangers.isSuperset(of: ends) }
        guard results.strangers.isSuperset(of: ends) else {
            throw Unreadable(description: "the output topics were not read to their ends within \(time)")
        }
        return results.byRequest
    }

    struct Unreadable: Error, CustomStringConvertible {
        let description: String
    }

    private func read(
        within time: Duration, until isEnough: @escaping @Sendable (ResultsByRequest) -> Bool
    ) async throws -> ResultsByRequest {
        var configuration = ConsumerConfiguration(
            bootstrapServers: broker.bootstrapServers, groupID: KafkaBroker.unique("reader"),
            topics: [integrations, failures])
        configuration.properties = [KafkaProperty("session.timeout.ms", "6000")]
        let consumer = try Consumer(configuration, delegate: IdleDelegate())
        let collected = Collected()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do {
                    for try await batch in consumer.batches {
                        let isDone = collected.results.withLock { results in
                            for index in 0..<batch.count { results.add(batch[index]) }
                            return isEnough(results)
                        }
                        if isDone { return }
                    }
                } catch {}
            }
            group.addTask { try? await Task.sleep(for: time) }
            await group.next()
            group.cancelAll()
        }
        await consumer.close(timeout: .seconds(5))
        return collected.results.withLock { $0 }
    }

    // MARK: Offsets

    /// What the group has committed, of the partitions that have an offset.
    func committed() async throws -> [Int32: Int64] {
        let offsets = try await answer { [reader, all] () async throws(KafkaError) in
            try await reader.committed(all, timeout: .seconds(10))
        }
        return Dictionary(offsets.map { ($0.key.partition, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The requests that are not committed; `nil` while a partition has none committed, or the brokers do not tell.
    func lag() async throws -> Int? {
        do {
            return try await currentLag()
        } catch let error as KafkaError where error.isRetriable {
            return nil
        }
    }

    private func currentLag() async throws -> Int? {
        let committed = try await committed()
        guard committed.count == Int(partitions) else { return nil }
        let ranges = try await answer { [reader, all] () async throws(KafkaError) in
            try await reader.watermarks(of: all, timeout: .seconds(10))
        }
        return ranges.reduce(0) { $0 + Int($1.value.high - (committed[$1.key.partition] ?? 0)) }
    }

    private var all: [TopicPartition] {
        (0..<partitions).map { TopicPartition(topic: requests, partition: $0) }
    }

    /// Asks until the brokers answer: a coordinator that has just come up, or has lost its broker, needs its time.
    private func answer<Value>(_ body: () async throws(KafkaError) -> Value) async throws -> Value {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            do throws(KafkaError) {
                return try await body()
            } catch {
                guard error.isRetriable, ContinuousClock.now < deadline else { throw error }
                try await Task.sleep(for: .milliseconds(100))
            }
        }
    }
}

private final class Collected: Sendable {
    let results = Mutex(ResultsByRequest())
}

private final class IdleDelegate: ConsumerDelegate {
    func consumer(assigned: [AssignedPartition]) {}
    func consumer(revoked: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset] { [] }
    func consumer(lost: [AssignedPartition]) {}
}

extension Record {
    var json: JSONValue { get throws { try JSONValue(parsing: value ?? []) } }

    func text(of header: String) -> String? {
        headers.first { $0.name == header }?.value.map { String(decoding: $0, as: UTF8.self) }
    }
}
