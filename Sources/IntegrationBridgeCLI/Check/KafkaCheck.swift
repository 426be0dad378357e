internal import IntegrationBridge
internal import RDKafka

/// Looks at brokers, topics and the group; writes nothing and joins nothing.
struct KafkaCheck: Sendable {
    let configuration: BridgeConfiguration
    private var kafka: BridgeConfiguration.Kafka { configuration.kafka }

    init(_ configuration: BridgeConfiguration) {
        self.configuration = configuration
    }

    func run(_ report: (CheckLine) -> Void) async {
        let admin: Admin
        do throws(KafkaError) {
            try KafkaProperty.validate(consumerProperties: kafka.consumerSettings)
            try KafkaProperty.validate(producerProperties: kafka.producerSettings)
            // The producer's settings, as its properties decide how the bridge's own producer connects.
            admin = try Admin(bootstrapServers: kafka.servers, properties: kafka.producerSettings)
            report(.ok("Kafka client", "librdkafka \(LibRDKafka.version); its properties are valid"))
        } catch {
            return report(CheckLine(verdict: .failed(.configuration), subject: "Kafka client", detail: error.message))
        }
        if let trap = Self.scramTrap(kafka) { report(.warning("Kafka authentication", trap)) }
        guard await checkBrokers(admin, report) else {
            return report(.skipped("topics, group", "no broker answers"))
        }
        let partitions = await checkTopics(admin, report)
        await checkGroup(partitions, report)
    }

    /// Why right SCRAM credentials are refused; nil where that is not so.
    static func scramTrap(
        _ kafka: BridgeConfiguration.Kafka, isSCRAMSupported: Bool = LibRDKafka.supportsSCRAM
    ) -> String? {
        let names = ["sasl.mechanism", "sasl.mechanisms"]
        let all = kafka.properties + kafka.consumerProperties + kafka.producerProperties
        let usesSCRAM = all.contains {
            names.contains($0.name.lowercased()) && $0.value.uppercased().hasPrefix("SCRAM")
        }
        guard usesSCRAM, !isSCRAMSupported else { return nil }
        return """
            the mechanism is SCRAM, and librdkafka \(LibRDKafka.version) is older than 2.6.1: it repeats its nonce, so
            Kafka from 3.7.2, 3.8.1 and 3.9.0 on says "invalid credentials", however right they are.
            Use sasl.mechanism=PLAIN over TLS, or a newer librdkafka.
            """
    }

    private func checkBrokers(_ admin: Admin, _ report: (CheckLine) -> Void) async -> Bool {
        do throws(KafkaError) {
            let brokers = try await admin.brokers(timeout: .seconds(8))
            let names = brokers.map { "\($0.host):\($0.port)" }.joined(separator: ", ")
            report(.ok("Kafka brokers", names))
            return true
        } catch {
            // That nothing came in time is the symptom; a refused password or certificate is the cause.
            let cause = admin.connectionError ?? error
            let isRefused = ExitCode(cause) == .notAuthorized
            let advice =
                isRefused ? "Are the sasl.* properties right?" : "Is kafka.bootstrapServers right, and the broker up?"
            report(
                CheckLine(
                    verdict: .failed(isRefused ? .notAuthorized : .unavailable), subject: "Kafka brokers",
                    detail: "\(kafka.servers): \(cause.message)\n\(advice)"))
            return false
        }
    }

    /// - Returns: the partitions of the requests topics.
    private func checkTopics(_ admin: Admin, _ report: (CheckLine) -> Void) async -> [TopicPartition] {
        let outputs = [configuration.integrations.topic, configuration.failures.topic]
        var found: [TopicPartition] = []
        for topic in configuration.requests.topics + outputs {
            let subject = "topic \(topic)"
            do throws(KafkaError) {
                guard let description = try await admin.describe([topic], timeout: .seconds(5)).first else { continue }
                report(Self.line(for: description, subject))
                if !outputs.contains(topic) {
                    found += description.partitions.map { TopicPartition(topic: topic, partition: $0.partition) }
                }
            } catch {
                report(.failed(subject, error))
            }
        }
        return found
    }

    static func line(for topic: TopicDescription, _ subject: String) -> CheckLine {
        if let error = topic.error { return .failed(subject, error) }
        let leaderless = topic.partitions.filter { $0.leader == nil }.map { "\($0.partition)" }
        guard leaderless.isEmpty else {
            return CheckLine(
                verdict: .failed(.unavailable), subject: subject,
                detail: "partition \(leaderless.joined(separator: ", ")) has no leader: is a broker down?")
        }
        guard !topic.partitions.isEmpty else {
            return CheckLine(verdict: .failed(.unavailable), subject: subject, detail: "it has no partitions")
        }
        return .ok(
            subject,
            NumberText.counted(topic.partitions.count, "partition")
                + "; whether it may be read or written shows when it is")
    }

    private func checkGroup(_ partitions: [TopicPartition], _ report: (CheckLine) -> Void) async {
        let subject = "group \(configuration.requests.groupID)"
        guard !partitions.isEmpty else { return report(.skipped(subject, "there is no requests topic")) }
        var settings = ConsumerConfiguration(
            bootstrapServers: kafka.servers, groupID: configuration.requests.groupID,
            topics: configuration.requests.topics)
        settings.properties = kafka.consumerSettings
        do throws(KafkaError) {
            let group = try GroupReader(settings)
            let committed = try await group.committed(partitions, timeout: .seconds(10))
            let ranges = try await group.watermarks(of: partitions, timeout: .seconds(10))
            report(Self.line(subject, committed, ranges, startFrom: configuration.requests.startFrom))
        } catch {
            report(.failed(subject, error))
        }
    }

    static func line(
        _ subject: String, _ committed: [TopicPartition: Int64], _ ranges: [TopicPartition: (low: Int64, high: Int64)],
        startFrom: BridgeConfiguration.Requests.StartFrom
    ) -> CheckLine {
        let gone = ranges.filter { partition, range in
            committed[partition].map { $0 < range.low || $0 > range.high } ?? false
        }
        if let (partition, range) = gone.min(by: { $0.key < $1.key }) {
            return CheckLine(
                verdict: .failed(.failure), subject: subject,
                detail: """
                    the committed offset \(committed[partition] ?? -1) of \(partition) is outside what it holds, \
                    \(range.low) to \(range.high): the bridge would stop.
                    Set it anew with kafka-consumer-groups --reset-offsets.
                    """)
        }
        let fresh = ranges.filter { committed[$0.key] == nil }
        let waiting = ranges.reduce(0) { total, entry in
            total + Int(entry.value.high - (committed[entry.key] ?? entry.value.low))
        }
        var text = "coordinator answers; \(NumberText.counted(waiting, "request")) not yet done"
        if !fresh.isEmpty {
            text += "; nothing is committed yet for \(fresh.count) of \(NumberText.counted(ranges.count, "partition"))"
            text += ": requests.startFrom (\(startFrom.rawValue)) decides there"
        }
        return .ok(subject, text)
    }
}
