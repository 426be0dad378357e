internal import RDKafka
internal import Synchronization

/// Runs transactions: begins them, ends them when they are due, and recovers from what fails.
///
/// It does what ``TransactionMachine`` says; nothing else commits offsets where it runs.
final class TransactionRunner: Sendable {
    struct Settings: Sendable {
        /// The time from a transaction's first result to its end.
        var interval: Duration
        /// How long the brokers let a transaction be open.
        var timeout: Duration
        /// Where results go.
        var outputTopics: [String]
        /// The group whose offsets are committed.
        var groupID: String
        /// Builds a producer with the same transactional id.
        var makeProducer: @Sendable () throws(KafkaError) -> ResultProducer
    }

    private typealias Run = OrderedOutbox<HeldResult>.Run

    /// What is being ended.
    private struct Ending {
        var runs: [Run] = []
        var epoch: UInt64 = 0
        var offsets: [TopicPartitionOffset] = []
        var firstAt: MonotonicInstant?
        /// Why it must not be committed, where a result was refused.
        var refusal: KafkaError?
    }

    private let settings: Settings
    private let delivery: OrderedDelivery
    private let ledger: DeliveryLedger
    private let consumer: Consumer
    private let counters: BridgeCounters
    private let log: EventLog
    /// When the bridge's end must be over.
    private let deadline = Mutex<MonotonicInstant?>(nil)

    init(
        _ settings: Settings, delivery: OrderedDelivery, ledger: DeliveryLedger, consumer: Consumer,
        counters: BridgeCounters, log: EventLog
    ) {
        self.settings = settings
        self.delivery = delivery
        self.ledger = ledger
        self.consumer = consumer
        self.counters = counters
        self.log = log
    }

    /// From now on no step takes longer than until then.
    func limit(to deadline: MonotonicInstant) {
        self.deadline.withLock { $0 = deadline }
    }

    /// The time for a step.
    private func time(_ usual: Duration) -> Duration {
        guard let deadline = deadline.withLock({ $0 }) else { return usual }
        return max(.milliseconds(100), min(usual, MonotonicInstant.now.duration(to: deadline)))
    }

    /// Runs until the task is cancelled, and ends without a trace what is open then; or until there is no way to go on,
    /// which the ledger is told.
    ///
    /// The producer must be initialised.
    func run() async {
        var machine = TransactionMachine(timeout: settings.timeout, isInitialized: true)
        var ending = Ending()
        var refusals = RepeatedRefusal()
        while !Task.isCancelled {
            let step = machine.step
            ledger.setGivenUp(machine.isGivenUp)
            if step == .rewind, let missing = await missingTopic() { return ledger.fail(missing) }
            do throws(KafkaError) {
                try await take(step, &machine, &ending)
                if step == .commit { refusals = RepeatedRefusal() }
                if step == .collect, let refusal = ending.refusal {
                    let cause = await delivery.producer.transactionFailure() ?? refusal
                    log(.warning, "A result was refused, and its transaction is aborted", [("error", cause.message)])
                    if cause.isPermanent || refusals.isForGood(cause) {
                        ledger.fail(explained(cause))
                        break
                    }
                }
            } catch {
                if error.isPermanent || machine.failed(error.fault, openedAt: ending.firstAt, now: .now) == .fail {
                    ledger.fail(explained(error))
                    break
                }
                counters.countCommit(succeeded: false)
                log(
                    machine.step == step ? .debug : .warning, "A transaction's step failed",
                    [("step", "\(step)"), ("next", "\(machine.step)"), ("error", error.message)])
                if machine.step == step { try? await Task.sleep(for: .milliseconds(100)) }
            }
        }
        await endOpen(machine.step)
    }

    private func take(
        _ step: TransactionMachine.Step, _ machine: inout TransactionMachine, _ ending: inout Ending
    ) async throws(KafkaError) {
        switch step {
        case .initialize: try await delivery.producer.initTransactions(timeout: time(.seconds(30)))
        case .begin:
            try await delivery.producer.beginTransaction()
            ending = Ending()
            try delivery.open()
        case .collect:
            await delivery.waitUntilDue(after: settings.interval)
            if Task.isCancelled { return }
            return close(&machine, &ending)
        case .sendOffsets:
            let group = try consumer.groupMetadata(epoch: ending.epoch)
            try await delivery.producer.sendOffsets(ending.offsets, group: group, timeout: time(settings.timeout))
        case .commit:
            try await delivery.producer.commitTransaction(timeout: time(settings.timeout))
            ledger.settle(ending.runs)
            counters.countCommit(succeeded: true)
            log(.debug, "A transaction was committed", [("partitions", "\(ending.runs.count)")])
        case .abort: try await delivery.producer.abortTransaction(timeout: time(settings.timeout))
        case .rewind:
            try await consumer.rewindToCommitted(timeout: time(.seconds(30)))
            log(.info, "The transaction was given up; requests are read again from the committed offsets")
        case .replaceProducer:
            await delivery.producer.close(timeout: .seconds(1))
            delivery.replace(try settings.makeProducer())
        case .fail: break
        }
        machine.succeeded()
    }

    /// An output topic that is gone keeps every transaction from being committed, and nobody says so: the library asks for
    /// leave to write to it until the records have timed out.
    ///
    /// - Returns: what ends the run. A broker that has just come up may not know a topic yet: it is asked for some seconds.
    private func missingTopic() async -> KafkaError? {
        for topic in settings.outputTopics {
            let start = MonotonicInstant.now
            while !Task.isCancelled {
                do throws(KafkaError) {
                    _ = try await delivery.producer.metadata(topic: topic, timeout: time(.seconds(1)))
                    break
                } catch {
                    guard [.unknownTopicOrPartition, .unknownTopic].contains(error.code) else { break }
                    if start.duration(to: .now) >= .seconds(5) { return error }
                    try? await Task.sleep(for: .milliseconds(200))
                }
            }
        }
        return nil
    }

    /// With what it may be about, which the library does not name.
    private func explained(_ error: KafkaError) -> KafkaError {
        let subject: String
        switch error.code {
        case .topicAuthorizationFailed where error.topic == nil:
            subject = "Results go to \(settings.outputTopics.joined(separator: " and "))."
        case .groupAuthorizationFailed: subject = "The group is \(settings.groupID)."
        default: return error
        }
        return KafkaError(error.code, "\(error.message) \(subject)", cause: error)
    }

    private func close(_ machine: inout TransactionMachine, _ ending: inout Ending) {
        let closed = delivery.close()
        let offsets = closed.isDoomed ? nil : ledger.offsets(of: closed.runs)
        ending = Ending(
            runs: closed.runs, epoch: offsets?.epoch ?? 0, offsets: offsets?.offsets ?? [], firstAt: closed.firstAt,
            refusal: closed.refusal)
        machine.close(isDoomed: offsets == nil)
    }

    /// Aborts what is open, so that nobody who reads the outputs waits for its timeout.
    private func endOpen(_ step: TransactionMachine.Step) async {
        guard [.collect, .sendOffsets, .abort].contains(step) else { return }
        _ = delivery.close()
        do throws(KafkaError) {
            try await delivery.producer.abortTransaction(timeout: time(.seconds(5)))
        } catch {
            log(.debug, "The open transaction was not aborted; the brokers will end it", [("error", error.message)])
        }
    }
}

extension KafkaError {
    fileprivate var fault: TransactionMachine.Fault {
        let recovery: TransactionMachine.Fault.Recovery =
            switch transactionRecovery {
            case .callAgain: .callAgain
            case .abort: .abort
            case .newProducer: .newProducer
            }
        return TransactionMachine.Fault(recovery: recovery, isFenced: isFenced)
    }

    /// No recovery helps: somebody has to change something.
    fileprivate var isPermanent: Bool {
        [
            .transactionalIDAuthorizationFailed, .groupAuthorizationFailed, .topicAuthorizationFailed,
            .invalidTransactionTimeout, .authentication,
        ].contains(code)
    }
}
