internal import CURLTransport
internal import IntegrationBridge
internal import JSONText
internal import NotificationsAPI

/// `lookup`: asks the API, without Kafka.
struct LookupCommand: Command {
    let invocation: Invocation

    func run(_ context: CommandContext) async throws -> ExitCode {
        let configuration = try context.configuration(invocation)
        let (transport, client, credentials) = try configuration.makeClient()
        let result: Result<ExitCode, BridgeError>
        do throws(BridgeError) {
            try await credentials.firstCredentials()
            result = .success(await lookUpAll(client, credentials, configuration, context))
        } catch {
            result = .failure(error)
        }
        await transport.shutDown(timeout: .seconds(2))
        return try result.get()
    }

    /// Asks for several at once, and prints what came in the order of the command line.
    private func lookUpAll(
        _ client: Client, _ credentials: CredentialStore, _ configuration: BridgeConfiguration,
        _ context: CommandContext
    ) async -> ExitCode {
        let ids = invocation.operands
        // Many ids may take longer than a token lives.
        async let _ = credentials.run()
        let pace = LookupPace(perSecond: configuration.lookup.maxRequestsPerSecond)
        return await withTaskGroup(of: (Int, LookupOutcome?).self) { group in
            var waiting: [Int: LookupOutcome] = [:]
            var codes: Set<ExitCode> = []
            var started = 0
            var printed = 0
            func startNext() {
                guard started < ids.count else { return }
                let index = started
                started += 1
                group.addTask { (index, await Self.lookUp(ids[index], client, credentials, pace, configuration)) }
            }
            for _ in 0..<min(16, configuration.lookup.maxInFlight) { startNext() }
            while let (index, outcome) = await group.next() {
                waiting[index] = outcome
                startNext()
                while let next = waiting.removeValue(forKey: printed) {
                    codes.insert(next.exitCode)
                    show(next, configuration, context)
                    printed += 1
                }
            }
            return printed == ids.count ? LookupOutcome.exitCode(of: codes) : .failure
        }
    }

    /// Asks until there is an answer to keep; nil where the task is cancelled.
    private static func lookUp(
        _ id: String, _ client: Client, _ credentials: CredentialStore, _ pace: LookupPace,
        _ configuration: BridgeConfiguration
    ) async -> LookupOutcome? {
        var attempts = LookupAttempts(configuration.lookup)
        let start = ContinuousClock.now
        var calls = 0
        while true {
            guard (try? await pace.turn()) != nil else { return nil }
            let generation = credentials.current?.generation ?? 0
            guard let answer = try? await client.lookup(id: id) else { return nil }
            calls += 1
            if case .failure(.unauthorized, _) = answer.result {
                if await credentials.refused(generation: generation) { continue }
            } else if let status = answer.status, status < 429 {
                credentials.accepted(generation: generation)
            }
            let outcome = LookupOutcome(id: id, answer: answer, calls: calls)
            guard case .failure(let reason, _) = answer.result else { return outcome }
            let step = attempts.next(
                after: reason, askedToWait: answer.askedToWait, elapsed: .now - start, jitter: .random(in: 0...1))
            guard case .askAgain(let wait) = step else { return outcome }
            if reason == .rateLimited { pace.hold(for: wait) }
            guard (try? await Task.sleep(for: wait)) != nil else { return nil }
        }
    }

    private func show(_ outcome: LookupOutcome, _ configuration: BridgeConfiguration, _ context: CommandContext) {
        if let line = outcome.failureLine {
            context.errors.write(line + "\n")
        } else if case .integration(let document) = outcome.answer.result {
            let shown = configuration.output.redact == .webhookUrls ? document.redacted() : document
            context.output.write(text(of: shown.bytes, context))
        }
    }

    private func text(of bytes: [UInt8], _ context: CommandContext) -> [UInt8] {
        let newline = UInt8(ascii: "\n")
        if invocation.has("--raw") { return bytes + [newline] }
        let isOneLine = !bytes.contains(newline)
        if !context.output.isTerminal, isOneLine { return bytes + [newline] }
        guard let value = try? JSONValue(parsing: bytes) else { return bytes + [newline] }
        if context.output.isTerminal { return Array((value.formatted(colored: context.style.isColored) + "\n").utf8) }
        return value.bytes + [newline]
    }
}
