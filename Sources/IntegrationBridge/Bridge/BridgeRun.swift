internal import CURLTransport
internal import RDKafka

/// One run of a bridge: owns every task, and ends all of them in order.
struct BridgeRun: Sendable {
    let bridge: Bridge
    let parts: BridgeParts
    let consumer: Consumer
    private let window: WindowGuard

    init(bridge: Bridge, parts: BridgeParts, consumer: Consumer) {
        self.bridge = bridge
        self.parts = parts
        self.consumer = consumer
        window = WindowGuard(ledger: bridge.ledger, consumer: consumer)
    }

    private var configuration: BridgeConfiguration { bridge.configuration }
    private var ledger: DeliveryLedger { bridge.ledger }
    private var log: EventLog { bridge.log }

    /// Works until told to stop, or until something fails for good, and then winds down.
    ///
    /// - Returns: what failed.
    func run() async -> KafkaError? {
        let (failure, deadline) = await withTaskGroup(of: Void.self) { group in
            for _ in 0..<configuration.lookup.maxInFlight {
                // The transport's thread runs the workers: no hop between a transfer's end and the next one's start.
                group.addTask(executorPreference: parts.transport.executor) { await work() }
            }
            group.addTask { await parts.resolver.runTimer() }
            group.addTask { await parts.credentials.run() }
            group.addTask { await commitRegularly() }
            let failure = await takeIn()
            let deadline = ContinuousClock.now + configuration.shutdown.gracePeriod
            await windDown(after: failure, by: deadline)
            group.cancelAll()
            await group.waitForAll()
            return (failure, deadline)
        }
        await parts.close(by: deadline)
        log(.info, "The bridge stopped", [("acknowledged", "\(ledger.acknowledgedCount)")])
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
            await commit(timeout: .seconds(10))
        }
    }

    private func commit(timeout: Duration) async {
        let commits = ledger.takeCommits()
        guard !commits.isEmpty else { return }
        do throws(KafkaError) {
            try await consumer.commit(commits.map(\.offset), timeout: timeout)
            bridge.counters.countCommit(succeeded: true)
            log(.debug, "Offsets committed", [("partitions", "\(commits.count)")])
        } catch {
            ledger.commitFailed(commits)
            bridge.counters.countCommit(succeeded: false)
            log(.warning, "Offsets were not committed; they will be committed later", [("error", error.message)])
            if error.isFatal { ledger.fail(error) }
        }
    }

    // MARK: The end

    /// Lets calls under way finish, commits what is finished, and leaves the group: the whole within the grace period.
    ///
    /// What no call is under way for is given up at once: it is read again by the next instance.
    private func windDown(after failure: KafkaError?, by deadline: ContinuousClock.Instant) async {
        let grace = configuration.shutdown.gracePeriod
        let drained = deadline - grace * 0.4
        log(.info, "The bridge stops", [("grace_seconds", "\(grace / .seconds(1))")])
        parts.handler.limitDrain(to: drained)
        ledger.abandon(parts.resolver.beginDraining())
        if failure == nil {
            let ledger = ledger
            let isDrained = await isDone(by: drained) { await ledger.waitUntilDrained() }
            if !isDrained {
                log(
                    .warning, "Not all calls under way ended in time; their records stay uncommitted",
                    [("records", "\(ledger.unfinishedCount)")])
            }
        }
        await commit(timeout: max(.milliseconds(100), ContinuousClock.now.duration(to: deadline) / 3))
        await consumer.close(timeout: max(.milliseconds(100), ContinuousClock.now.duration(to: deadline) / 2))
    }
}
