internal import RDKafka
internal import Synchronization

/// The bridge: takes lookup requests from Kafka, resolves each through the Notifications API, and produces the results.
///
/// ```swift
/// let bridge = try Bridge(configuration: configuration)
/// try await bridge.run()
/// ```
///
/// ``run()`` stays until ``shutDown()`` is called or its task is cancelled; it installs no signal handlers.
public final class Bridge: Sendable {
    /// What it was made with.
    public let configuration: BridgeConfiguration

    let log: EventLog
    let counters = BridgeCounters()
    let ledger = DeliveryLedger()
    let stop = AsyncCondition()
    let state = Mutex(State())

    struct State {
        var hasRun = false
        var isStopping = false
        var stage = BridgeStage.starting
        var onStopping: (@Sendable () -> Void)?
        var resolver: Resolver?
    }

    /// Creates a bridge; nothing is opened before ``run()``.
    ///
    /// - Parameters:
    ///   - configuration: what to do, where and how.
    ///   - log: where log events go; nowhere unless told.
    /// - Throws: ``BridgeConfigurationError`` with every rule that the configuration breaks.
    public init(configuration: BridgeConfiguration, log: EventLog = .silent) throws(BridgeConfigurationError) {
        try configuration.validate()
        self.configuration = configuration
        self.log = log
    }

    /// Does the work until ``shutDown()`` is called or the task is cancelled, and then ends in order: stops the intake,
    /// lets calls under way finish, flushes, commits and leaves the group, all within `shutdown.gracePeriod`.
    ///
    /// What is not finished by then stays uncommitted, and is read again by the next instance. It may be called once.
    ///
    /// - Throws: ``BridgeError`` where Kafka cannot be used, or stops being usable; nothing is committed past an output
    ///   that was not acknowledged. ``BridgeError/Code/incompleteStop`` where calls or commits under way did not end
    ///   within the grace period.
    public func run() async throws(BridgeError) {
        let isFirst = state.withLock { state in
            defer { state.hasRun = true }
            return !state.hasRun
        }
        guard isFirst else {
            throw BridgeError(code: .alreadyRan, message: "Bridge.run() may be called once; make a new Bridge.")
        }
        // A task of its own, which this one always waits for: cancelling the caller must start the orderly end, and not
        // cut off the calls that it waits for.
        let work = Task { () async -> Result<Void, BridgeError> in
            do throws(BridgeError) {
                return .success(try await self.openAndRun())
            } catch {
                return .failure(error)
            }
        }
        let result = await withTaskCancellationHandler {
            await work.value
        } onCancel: {
            shutDown()
        }
        enter(.stopped)
        try result.get()
    }

    private func openAndRun() async throws(BridgeError) {
        guard let parts = try await BridgeParts.open(self) else { return }
        state.withLock { $0.resolver = parts.resolver }
        let consumer: Consumer
        do throws(KafkaError) {
            consumer = try Consumer(configuration.consumer(log: log), delegate: parts.handler)
        } catch {
            await parts.close(by: .now + .seconds(2))
            throw BridgeError(error)
        }
        log(.info, "The bridge runs", [("group", configuration.requests.groupID)])
        if let failure = await BridgeRun(bridge: self, parts: parts, consumer: consumer).run() { throw failure }
    }

    /// Begins the orderly end of ``run()``, which returns when it is reached; safe to call from anywhere, and twice.
    public func shutDown() {
        state.withLock { $0.isStopping = true }
        stop.signal()
    }

    /// Where ``run()`` is.
    public var stage: BridgeStage { state.withLock { $0.stage } }

    /// Sets what is called once when the end of ``run()`` begins, whatever the reason: for a host that ends the process
    /// should that take longer than `shutdown.gracePeriod`. It must not block.
    public func onStopping(_ handler: @escaping @Sendable () -> Void) {
        state.withLock { $0.onStopping = handler }
    }

    /// Notes how far the run has come.
    func enter(_ stage: BridgeStage) {
        let handler = state.withLock { state in
            state.stage = stage
            defer { if stage == .draining { state.onStopping = nil } }
            return stage == .draining ? state.onStopping : nil
        }
        handler?()
    }

    /// What the bridge has done and is doing.
    public var metrics: BridgeMetrics {
        var metrics = counters.snapshot
        metrics.acknowledged = ledger.acknowledgedCount
        if let status = state.withLock({ $0.resolver })?.status {
            metrics.inFlight = status.flights
            metrics.heldBytes = status.heldBytes
            metrics.cacheEntries = status.cacheEntries
            metrics.cacheBytes = status.cacheBytes
            metrics.isGateClosed = status.isGateClosed
            metrics.isBreakerOpen = status.isBreakerOpen
            metrics.areCredentialsAccepted = status.areCredentialsAccepted
            metrics.rateLimit = status.rateLimit
        }
        return metrics
    }

    var isStopping: Bool { state.withLock { $0.isStopping } }

    func waitForStop() async {
        while !Task.isCancelled, !isStopping {
            await stop.wait { self.isStopping }
        }
    }
}
