internal import Foundation
internal import IntegrationBridge
internal import NotificationsAPISimulator
internal import RDKafka

/// One run of the demo: starts everything, waits for every result, sums up, and ends everything.
struct DemoRun: Sendable {
    let world: DemoWorld
    let requests: [DemoRequest]
    let context: CommandContext

    /// - Parameter stay: where given, the bridge goes on after the summary until this returns.
    /// - Throws: `CommandFailure` where a request got no result, or two, or another one than it must.
    func run(stay: (@Sendable () async -> Void)? = nil) async throws {
        let log = LogWriter(level: .error, format: .text, output: context.errors)
        let bridge = try Bridge(configuration: world.configuration, log: log.eventLog)
        let consumer = try world.reader()
        let output = context.output
        let style = context.style
        let board = DemoBoard(DemoTally(requests, integrationsTopic: world.configuration.integrations.topic)) {
            record in
            output.write(RecordText.line(of: record, style) + "\n")
        }
        do {
            try await work(bridge, consumer, board, stay)
        } catch {
            await consumer.close(timeout: .seconds(3))
            await log.flush(timeout: .seconds(1))
            throw error
        }
        await consumer.close(timeout: .seconds(3))
        await log.flush(timeout: .seconds(1))
    }

    private func work(
        _ bridge: Bridge, _ consumer: Consumer, _ board: DemoBoard, _ stay: (@Sendable () async -> Void)?
    ) async throws {
        let start = Date()
        // Children of this scope: whatever throws below cancels them, and they end before it does.
        async let bridgeEnd: Void = runBridge(bridge, board)
        async let _ = read(consumer, board)
        async let _ = soundAlarm(board)
        try await world.send(requests)
        try await waitForResults(board)
        try await checkTotals(board)
        context.output.write(report(bridge, board, start).text())
        if let stay {
            context.output.write(explorationGuide)
            await stay()
        }
        bridge.shutDown()
        await bridgeEnd
        let committed = try await world.totals().committed
        if stay == nil {
            guard committed == requests.count else {
                throw CommandFailure(
                    .failure, "\(committed) of \(requests.count) requests are committed at the end of the demo")
            }
            context.output.write(nextSteps)
        }
    }

    // MARK: What goes on meanwhile

    private func runBridge(_ bridge: Bridge, _ board: DemoBoard) async {
        do throws(BridgeError) {
            try await bridge.run()
        } catch {
            board.fail(error)
        }
    }

    private func read(_ consumer: Consumer, _ board: DemoBoard) async {
        do throws(KafkaError) {
            for try await batch in consumer.batches { board.take(batch) }
        } catch {
            board.fail(error)
        }
    }

    /// Nothing in the demo waits for ever.
    private func soundAlarm(_ board: DemoBoard) async {
        guard (try? await Task.sleep(for: DemoCommand.timeLimit)) != nil else { return }
        let tally = board.tally
        guard !tally.isComplete else { return }
        board.fail(
            CommandFailure(
                .failure,
                "the demo failed: \(tally.unanswered) of \(tally.results.count) requests have no result after "
                    + NumberText.time(DemoCommand.timeLimit)))
    }

    // MARK: What must come of it

    private func waitForResults(_ board: DemoBoard) async throws {
        var progress = ProgressLine(context.errors)
        defer { progress.clear() }
        try await board.wait(until: \.isComplete) { tally in
            progress.update(
                tally.answered == 0
                    ? "the bridge joins its consumer group"
                    : "\(NumberText.grouped(tally.answered)) of \(NumberText.counted(tally.results.count, "result"))")
        }
    }

    /// Reads what else there is on the output topics: more results than requests are a fault, too.
    private func checkTotals(_ board: DemoBoard) async throws {
        let total = try await world.totals().results
        try await board.wait(until: { $0.records >= total })
        let tally = board.tally
        guard tally.complaints.isEmpty, tally.records == requests.count else {
            let complaints = tally.complaints.joined(separator: "\n  ")
            throw CommandFailure(
                .failure,
                "the demo failed: \(tally.records) results for \(requests.count) requests\n  \(complaints)")
        }
    }

    private func report(_ bridge: Bridge, _ board: DemoBoard, _ start: Date) -> DemoReport {
        let tally = board.tally
        let first = Self.date(tally.firstResolvedAt) ?? start
        let last = Self.date(tally.lastResolvedAt) ?? first
        return DemoReport(
            tally: tally, distinctIDs: Set(requests.compactMap(\.id)).count,
            apiCalls: world.simulator.counters.lookups, metrics: bridge.metrics,
            startup: .seconds(first.timeIntervalSince(start)), work: .seconds(last.timeIntervalSince(first)),
            style: context.style)
    }

    private static func date(_ text: String?) -> Date? {
        text.flatMap { try? Date($0, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) }
    }

    // MARK: What to do next

    private var nextSteps: String {
        """

        \(context.style.bold("What to try next"))
          integration-bridge demo --keep-running       keep all of this, and send requests of your own to it
          integration-bridge simulate-api              the simulated API, for a bridge with your own Kafka
          integration-bridge check                     is config/bridge.yaml fit for use?
          integration-bridge run                       the bridge, as config/bridge.yaml says

        """
    }

    private var explorationGuide: String {
        """

        \(context.style.bold("The bridge goes on; Ctrl-C ends it."))  In another terminal:

          export INTEGRATION_BRIDGE_KAFKA_BOOTSTRAP_SERVERS=\(world.cluster.bootstrapServers)
          export INTEGRATION_BRIDGE_API_BASE_URL=\(world.simulator.baseURL) INTEGRATION_BRIDGE_API_AUTH=none
          integration-bridge send i-12345 fail-404 fail-500-2 slow-250ms
          integration-bridge lookup i-12345
          integration-bridge check

        Results of what you send appear here:

        """
    }
}
