import Foundation
import JSONText
import NotificationsAPISimulator
import RDKafka
import Synchronization

@testable import IntegrationBridge

/// A bridge between a mock cluster and the simulated API.
final class BridgeHarness: Sendable {
    let cluster: MockCluster
    let simulator: Simulator
    let events = Mutex<[LogEvent]>([])
    private let producer: Producer

    init(partitions: Int = 2, simulator configuration: SimulatorConfiguration = SimulatorConfiguration()) throws {
        cluster = try MockCluster()
        for topic in ["integration-lookups", "integrations", "integration-failures"] {
            try cluster.createTopic(topic, partitions: partitions)
        }
        simulator = try Simulator(configuration)
        producer = try Producer(ProducerConfiguration(bootstrapServers: cluster.bootstrapServers)) { _ in }
    }

    func stop() {
        simulator.stop()
    }

    var configuration: BridgeConfiguration {
        var configuration = BridgeConfiguration(bootstrapServers: cluster.bootstrapServers)
        // The mock cluster's first join takes the session timeout less a second.
        configuration.kafka.consumerProperties = [
            .init(name: "session.timeout.ms", value: "4000"), .init(name: "heartbeat.interval.ms", value: "300"),
        ]
        configuration.api.baseURL = simulator.baseURL
        configuration.api.auth = .none
        configuration.lookup.backoff.initial = .milliseconds(5)
        configuration.lookup.backoff.max = .milliseconds(50)
        configuration.delivery.commitInterval = .milliseconds(100)
        configuration.shutdown.gracePeriod = .seconds(10)
        return configuration
    }

    func bridge(_ configuration: BridgeConfiguration? = nil) throws -> Bridge {
        try Bridge(
            configuration: configuration ?? self.configuration,
            log: EventLog(level: .trace) { [self] event in events.withLock { $0.append(event) } })
    }

    @discardableResult
    func send(
        _ value: [UInt8]?, key: [UInt8]? = nil, headers: [RecordHeader] = [], partition: Int32? = nil,
        timestamp: Int64? = nil
    ) async throws -> TopicPartitionOffset {
        try await producer.send(
            ProducerRecord(
                topic: "integration-lookups", partition: partition, key: key, value: value, headers: headers,
                timestamp: timestamp),
            timeout: .seconds(10))
    }

    @discardableResult
    func send(_ value: String, key: String? = nil, partition: Int32? = nil) async throws -> TopicPartitionOffset {
        try await send(Array(value.utf8), key: key.map { Array($0.utf8) }, partition: partition)
    }

    /// Runs a bridge while `body` does, and then shuts it down.
    func running<Value: Sendable>(
        _ bridge: Bridge, _ body: @Sendable @escaping () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bridge.run() }
            do {
                let value = try await body()
                bridge.shutDown()
                try await group.waitForAll()
                return value
            } catch {
                bridge.shutDown()
                throw error
            }
        }
    }

    /// Reads both output topics from their start until there are this many results, or until a minute has passed.
    func results(_ count: Int) async throws -> [Record] {
        var configuration = ConsumerConfiguration(
            bootstrapServers: cluster.bootstrapServers, groupID: "reader-\(UInt64.random(in: 0 ... .max))",
            topics: ["integrations", "integration-failures"])
        configuration.properties = [
            KafkaProperty("session.timeout.ms", "4000"), KafkaProperty("heartbeat.interval.ms", "300"),
        ]
        let delegate = IdleDelegate()
        let consumer = try Consumer(configuration, delegate: delegate)
        let collected = Mutex<[Record]>([])
        let done = await isDone(by: .now + .seconds(60)) {
            do {
                for try await batch in consumer.batches {
                    let total = collected.withLock { records in
                        for index in 0..<batch.count { records.append(batch[index]) }
                        return records.count
                    }
                    if total >= count { return }
                }
            } catch {}
        }
        await consumer.close(timeout: .seconds(5))
        let records = collected.withLock { $0 }
        guard done, records.count >= count else {
            throw HarnessError(description: "\(records.count) of \(count) results")
        }
        return records
    }
}

struct HarnessError: Error, CustomStringConvertible {
    let description: String
}

final class IdleDelegate: ConsumerDelegate {
    func consumer(assigned: [AssignedPartition]) {}
    func consumer(revoked: [AssignedPartition], deadline: ContinuousClock.Instant) -> [TopicPartitionOffset] { [] }
    func consumer(lost: [AssignedPartition]) {}
}

extension Record {
    var json: JSONValue { get throws { try JSONValue(parsing: value ?? []) } }
    var lookup: JSONValue? { get throws { try json["lookup"] } }
    var keyText: String? { key.map { String(decoding: $0, as: UTF8.self) } }

    func header(_ name: String) -> String? {
        headers.first { $0.name == name }?.value.map { String(decoding: $0, as: UTF8.self) }
    }
}
