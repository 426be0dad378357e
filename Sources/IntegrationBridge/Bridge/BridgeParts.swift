internal import CURLTransport
internal import Foundation
internal import JSONText
internal import NotificationsAPI
internal import RDKafka

/// What one run of a bridge opened, in the order of its opening.
struct BridgeParts: Sendable {
    let inlet: ReportInlet
    let transport: CURLTransport
    let credentials: CredentialStore
    let resolver: Resolver
    let delivery: Delivery
    let handler: AssignmentHandler
    let pipeline: Pipeline
    /// Builds another producer like the first one.
    let makeProducer: @Sendable () throws(KafkaError) -> ResultProducer

    /// Opens everything but the consumer; leaves nothing open where it throws.
    ///
    /// - Returns: `nil` where the bridge was told to stop before it had begun.
    static func open(_ bridge: Bridge) async throws(BridgeError) -> BridgeParts? {
        let configuration = bridge.configuration
        let pointer: JSONPointer
        do {
            pointer = try JSONPointer(configuration.requests.idPointer)
        } catch {
            throw BridgeError(code: .configuration, message: "requests.idPointer: \(error)", cause: error)
        }
        let (transport, client, credentials) = try configuration.makeClient(log: bridge.log)
        let inlet = ReportInlet()
        let refusal = inlet.refusal
        var results: ResultProducer
        do throws(KafkaError) {
            results = try configuration.resultProducer(log: bridge.log, inlet: inlet, counters: bridge.counters)
        } catch {
            await transport.shutDown(timeout: .seconds(1))
            throw BridgeError(error)
        }
        do throws(KafkaError) {
            var isReady = try await areTopicsThere(results.producer, unless: bridge, or: refusal)
            let largestBatch = isReady ? await largestBatch(bridge, results.producer) : nil
            if let largestBatch, largestBatch < results.largestRecord {
                await results.producer.close(timeout: .milliseconds(100))
                results = try configuration.resultProducer(
                    log: bridge.log, inlet: inlet, counters: bridge.counters, largestBatch: largestBatch)
                isReady = try await areTopicsThere(results.producer, unless: bridge, or: refusal)
            }
            if isReady { isReady = try await beginTransactions(results.producer, unless: bridge) }
            guard isReady else {
                await transport.shutDown(timeout: .seconds(1))
                await results.producer.close(timeout: .milliseconds(100))
                return nil
            }
            let ordered: OrderedDelivery? =
                configuration.delivery.resolvedOrder == .unordered
                ? nil
                : OrderedDelivery(
                    usesTransactions: configuration.delivery.guarantee == .exactlyOnce, ledger: bridge.ledger,
                    producer: results, format: configuration.outputFormat)
            let delivery = Delivery(ledger: bridge.ledger, producer: results, ordered: ordered)
            inlet.connect(delivery)
            let resolver = Resolver(
                limits: configuration.resolverLimits, seed: .random(in: .min ... .max), client: client,
                credentials: credentials, rules: configuration.answerRules, counters: bridge.counters, log: bridge.log,
                giveBack: { delivery.abandon($0) })
            ordered?.onHeldBytes { [weak resolver] change in resolver?.hold(change) }
            return BridgeParts(
                inlet: inlet, transport: transport, credentials: credentials, resolver: resolver, delivery: delivery,
                handler: AssignmentHandler(delivery: delivery, resolver: resolver, log: bridge.log),
                pipeline: Pipeline(
                    delivery: delivery, resolver: resolver, format: configuration.outputFormat, pointer: pointer,
                    pointerText: configuration.requests.idPointer, counters: bridge.counters),
                makeProducer: { () throws(KafkaError) in
                    try configuration.resultProducer(
                        log: bridge.log, inlet: inlet, counters: bridge.counters, largestBatch: largestBatch)
                })
        } catch {
            await transport.shutDown(timeout: .seconds(1))
            await results.producer.close(timeout: .seconds(1))
            // Who is refused only sees that nobody answers: the reason came before, as an error of the connection.
            if let refused = refusal.error { throw BridgeError(refused) }
            guard error.code == .timedOut || error.code == .transport else { throw BridgeError(error) }
            throw BridgeError(
                code: .unavailable,
                message: "No broker of \(configuration.kafka.bootstrapServers.joined(separator: ",")) answered within"
                    + " 30 s: check kafka.bootstrapServers, the network, and security.protocol. \(error.message)",
                cause: error)
        }
    }

    /// Waits until the output topics are there.
    ///
    /// - Returns: false where the bridge is told to stop meanwhile.
    private static func areTopicsThere(
        _ producer: Producer, unless bridge: Bridge, or refusal: RefusedCredentials
    ) async throws(KafkaError) -> Bool {
        for topic in outputTopics(bridge) {
            guard try await isThere(topic, producer, unless: bridge, or: refusal) else { return false }
        }
        return true
    }

    private static func outputTopics(_ bridge: Bridge) -> [String] {
        [bridge.configuration.integrations.topic, bridge.configuration.failures.topic]
    }

    /// What the output topics take at most; `nil` where that cannot be read: then what a broker refuses ends the run.
    private static func largestBatch(_ bridge: Bridge, _ producer: Producer) async -> Int? {
        do throws(KafkaError) {
            return try await producer.maximumMessageBytes(ofTopics: outputTopics(bridge), timeout: .seconds(5))
        } catch {
            bridge.log(
                .debug, "The output topics' max.message.bytes cannot be read: the producer's own limit counts",
                [("error", error.message)])
            return nil
        }
    }

    /// Makes the producer the one of its transactional id, where it has one.
    ///
    /// - Returns: false where the bridge is told to stop meanwhile.
    private static func beginTransactions(
        _ producer: Producer, unless bridge: Bridge
    ) async throws(KafkaError) -> Bool {
        guard bridge.configuration.delivery.guarantee == .exactlyOnce else { return true }
        let deadline = MonotonicInstant.now + .seconds(60)
        while !bridge.isStopping {
            do throws(KafkaError) {
                try await producer.initTransactions(timeout: .seconds(5))
                return true
            } catch {
                // Coordinators of a new cluster need some seconds.
                guard error.transactionRecovery == .callAgain, MonotonicInstant.now < deadline else { throw error }
            }
        }
        return false
    }

    /// Asks for an output topic: for 30 s while no broker answers, for 10 s while none knows it. The first record need not
    /// wait for it then.
    ///
    /// - Returns: false where the bridge is told to stop meanwhile.
    private static func isThere(
        _ topic: String, _ producer: Producer, unless bridge: Bridge, or refusal: RefusedCredentials
    ) async throws(KafkaError) -> Bool {
        let start = MonotonicInstant.now
        while !bridge.isStopping {
            do throws(KafkaError) {
                _ = try await producer.metadata(topic: topic, timeout: .seconds(1))
                return true
            } catch {
                // A topic that was made a moment ago is not known to every broker yet.
                let isUnknown = error.code == .unknownTopicOrPartition || error.code == .unknownTopic
                guard error.isRetriable || isUnknown, refusal.error == nil,
                    MonotonicInstant.now < (isUnknown ? start + .seconds(10) : start + .seconds(30))
                else { throw error }
                if isUnknown { try? await Task.sleep(for: .milliseconds(200)) }
            }
        }
        return false
    }

    /// Closes everything but the consumer.
    func close(by deadline: MonotonicInstant) async {
        await transport.shutDown(timeout: max(.milliseconds(100), MonotonicInstant.now.duration(to: deadline) / 2))
        await delivery.producer.close(timeout: max(.milliseconds(100), MonotonicInstant.now.duration(to: deadline)))
        inlet.disconnect()
    }
}
