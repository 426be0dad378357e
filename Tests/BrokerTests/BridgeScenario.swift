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

    init(
        broker: KafkaBroker? = nil, partitions: Int32 = 4, simulator: SimulatorConfiguration = SimulatorConfiguration()
    ) async throws {
        let broker = try broker ?? KafkaBroker.shared()
        self.broker = broker
        self.partitions = partitions
        self.simulator = try Simulator(simulator)
        requests = try await broker.topic("requests", partitions: partitions)
        integrations = try await broker.topic("integrations", partitions: partitions)
        failures = try await broker.topic("failures", partitions: partitions)
        producer = try Producer(ProducerConfiguration(bootstrapServers: broker.bootstrapServers)) { _ in }
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
            "LOOKUP_BACKOFF_INITIAL": "10ms", "LOOKUP_BACKOFF_MAX": "200ms", "SHUTDOWN_GRACE_PERIOD": "10s",
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

    /// Reads both output topics from their start until each of this many requests has a result.
    ///
    /// - Returns: the results by the `ce_id` of their request.
    func results(of count: Int, within time: Duration = .seconds(90)) async throws -> [String: [Record]] {
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
                        let distinct = collected.results.withLock { results in
                            for index in 0..<batch.count {
                                let record = batch[index]
                                results[record.text(of: "ce_id") ?? "", default: []].append(record)
                            }
                            return results.count
                        }
                        if distinct >= count { return }
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

    /// The group's lag in all by Kafka's own tool; `nil` while a partition has no committed offset.
    func lag() throws -> Int? {
        let text = try broker.tool("groups", ["--describe", "--group", group])
        let lines = text.split(separator: "\n").map { $0.split(separator: " ", omittingEmptySubsequences: true) }
        let rows = lines.filter { $0.count > 5 && $0[0] == group && $0[1] == requests }
        guard rows.count == Int(partitions) else { return nil }
        let lags = rows.compactMap { Int($0[5]) }
        return lags.count == rows.count ? lags.reduce(0, +) : nil
    }
}

private final class Collected: Sendable {
    let results = Mutex<[String: [Record]]>([:])
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
