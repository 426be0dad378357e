internal import CURLTransport
internal import RDKafka

/// One run of a bridge: owns every task, and ends all of them in order.
struct BridgeRun: Sendable {
    let bridge: Bridge
    let parts: BridgeParts
    let consumer: Consumer
    private let window: WindowGuard
    private let transactions: TransactionRunner?

    init(bridge: Bridge, parts: BridgeParts, consumer: Consumer) {
        self.bridge = bridge
        self.parts = parts
        self.consumer = consumer
        window = WindowGuard(
            delivery: parts.delivery, consumer: consumer, maximumHeldBytes: bridge.configuration.lookup.maxHeldBytes)
        transactions = parts.delivery.ordered.flatMap { ordered in
            guard ordered.usesTransactions else { return nil }
            return TransactionRunner(
                .init(
                    interval: bridge.configuration.delivery.resolvedCommitInterval,
                    timeout: bridge.configuration.transactionTimeout,
                    outputTopics: [bridge.configuration.integrations.topic, bridge.configuration.failures.topic],
                    groupID: bridge.configuration.requests.groupID,
                    makeProducer: parts.makeProducer), delivery: ordered, ledger: bridge.ledger, consumer: consumer,
                counters: bridge.counters, log: bridge.log)
        }
    }

    private var configuration: BridgeConfiguration { bridge.configuration }
    private var ledger: DeliveryLedger { bridge.ledger }
    private var log: EventLog { bridge.log }

    /// Works until told to stop, or until something fails for good, and then winds down.
    ///
    /// - Returns: what failed.
    func run() async -> BridgeError? {
        bridge.enter(.working)
        let (failure, deadline) = await withTaskGroup(of: Void.self) { group in
            for _ in 0..<configuration.lookup.maxInFlight {
                // The transport's thread runs the workers: no hop between a transfer's end and the next one's start.
                group.addTask(executorPreference: parts.transport.executor) { await work() }
            }
            group.addTask { await parts.resolver.runTimer() }
            group.addTask { await parts.credentials.run() }
            group.addTask { await commitRegularly() }
            group.addTask { await watchProgress() }
            if let transactions { group.addTask { await transactions.run() } }
            let failure = await takeIn() ?? producerFailure
            // Something is kept in hand for what does not keep to its time: the grace period is all there is.
            let deadline = MonotonicInstant.now + configuration.shutdown.gracePeriod * 0.9
            let problem = await windDown(after: failure, by: deadline)
            bridge.enter(.endingTasks)
            group.cancelAll()
            await group.waitForAll()
            return (problem, deadline)
        }
        bridge.enter(.closing)
        // Nothing more can be delivered after a failure: there is nothing to wait for.
        await parts.close(by: failure == nil ? deadline : min(deadline, .now + .seconds(1)))
        log(
            .info, "The bridge stopped",
            [("acknowledged", "\(ledger.acknowledgedCount)"), ("left_for_others", "\(ledger.unfinishedCount)")])
        return failure
    }

    private func work() async {
        do throws(KafkaError) {
            try await parts.pipeline.runWorker()
        } catch {
            ledger.fail(error)
        }
    }

    /// Takes requests in until told to stop, or until something fails for good.
    private func takeIn() async -> KafkaError? {
        await withTaskGroup(of: KafkaError?.self) { group in
            group.addTask {
                do throws(KafkaError) {
                    try await parts.pipeline.run(consumer.batches, window)
                    return nil
                } catch {
                    return error
                }
            }
            group.addTask {
                await bridge.waitForStop()
                return nil
            }
            group.addTask { await ledger.waitForFailure() }
            var failure = await group.next() ?? nil
            group.cancelAll()
            for await later in group where failure == nil { failure = later }
            return failure
        }
    }

    // MARK: Commits

    private func commitRegularly() async {
        while !Task.isCancelled {
            try? await Task.sleep(for: configuration.delivery.resolvedCommitInterval)
            if Task.isCancelled { return }
            window.adjust()
            if !parts.delivery.usesTransactions { await commit(timeout: .seconds(10)) }
        }
    }

    /// - Returns: whether nothing is left to be committed that could be committed by another try.
    @discardableResult
    private func commit(timeout: Duration) async -> Bool {
        // A commit under way is waited for at the end.
        let timeout = min(timeout, configuration.shutdown.gracePeriod / 5)
        let commits = ledger.takeCommits()
        guard !commits.isEmpty else { return true }
        do throws(KafkaError) {
            try await consumer.commit(
                commits.map { (assigned: $0.assigned, offset: $0.commit.offset) }, timeout: timeout)
            bridge.counters.countCommit(succeeded: true)
            log(.debug, "Offsets committed", [("partitions", "\(commits.count)")])
            return true
        } catch {
            ledger.commitFailed(commits)
            bridge.counters.countCommit(succeeded: false)
            log(.warning, "Offsets were not committed", [("error", error.message)])
            if error.isFatal { ledger.fail(error) }
            return !error.isRetriable
        }
    }

    // MARK: Progress

    /// Says so, loudly and once, where nothing is finished for longer than any call and its retries may take.
    private func watchProgress() async {
        let lookup = configuration.lookup
        var watch = ProgressWatch(limit: lookup.retryFor + configuration.api.timeout + .seconds(30))
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(1))
            let news = watch.look(
                finished: ledger.acknowledgedCount, unfinished: ledger.unfinishedCount,
                isExplained: parts.resolver.isHeldUp, now: .now)
            switch news {
            case .stuck(let time):
                log(.error, "No request was finished for long, and nothing that is known explains it", stuck(for: time))
            case .goesOn: log(.info, "Requests are finished again")
            case nil: break
            }
        }
    }

    private func stuck(for time: Duration) -> [(name: String, value: String)] {
        var metadata = [
            (name: "seconds", value: "\(time.components.seconds)"),
            (name: "unfinished", value: "\(ledger.unfinishedCount)"),
        ]
        for oldest in ledger.oldestUnfinished {
            let state =
                parts.resolver.state(of: oldest.token)
                ?? (parts.delivery.ordered?.isHeld(oldest.token) == true
                    ? "held back for an earlier one" : "its result is not acknowledged")
            metadata.append((name: "\(oldest.partition) \(oldest.offset)", value: state))
        }
        return metadata
    }

    // MARK: The end

    /// Lets calls under way finish, commits what is finished, and leaves the group: the whole within the grace period.
    ///
    /// What no call is under way for is given up at once: it is read again by the next instance.
    ///
    /// - Returns: what has failed, or could not be ended in time.
    private func windDown(after failure: KafkaError?, by deadline: MonotonicInstant) async -> BridgeError? {
        let grace = configuration.shutdown.gracePeriod
        let drained = deadline - grace * 0.4
        bridge.enter(.draining)
        var problem = failure.map(failed)
        transactions?.limit(to: deadline)
        log(.info, "The bridge stops", [("grace_seconds", "\(grace / .seconds(1))")])
        parts.handler.limitDrain(to: drained)
        parts.delivery.abandon(parts.resolver.beginDraining())
        parts.delivery.ordered?.hurry(true)
        if failure == nil {
            let ledger = ledger
            let isDrained = await isDone(by: drained) { await ledger.waitUntilDrained() }
            if let late = ledger.failure {
                problem = failed(late)
            } else if !isDrained {
                problem = incompleteStop("\(ledger.unfinishedCount) requests were not finished")
            }
        }
        bridge.enter(.committing)
        if !parts.delivery.usesTransactions {
            // A coordinator that is being moved has its answer in a moment.
            let last = deadline - grace * 0.2
            while true {
                let isDone = await commit(timeout: max(.milliseconds(100), MonotonicInstant.now.duration(to: last)))
                if isDone { break }
                if MonotonicInstant.now >= last {
                    problem = problem ?? incompleteStop("the last offsets were not committed")
                    break
                }
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        bridge.enter(.leaving)
        await consumer.close(timeout: max(.milliseconds(100), MonotonicInstant.now.duration(to: deadline) / 2))
        return problem
    }

    /// What the run ends with. After a fatal error nothing is committed.
    private func failed(_ error: KafkaError) -> BridgeError {
        // A failed producer says so of itself best: its records only say that they are not delivered.
        let failure = producerFailure ?? error
        if failure.isFatal { ledger.forbidCommits() }
        return BridgeError(failure)
    }

    /// Why the producer is of no use any more. One of transactions is replaced then.
    private var producerFailure: KafkaError? {
        parts.delivery.usesTransactions ? nil : parts.delivery.producer.fatalError
    }

    private func incompleteStop(_ what: String) -> BridgeError {
        BridgeError(
            code: .incompleteStop,
            message: "Within the grace period of \(configuration.shutdown.gracePeriod) \(what): they are read again by"
                + " the next instance. Are the API and the brokers there, or is shutdown.gracePeriod short?")
    }
}
