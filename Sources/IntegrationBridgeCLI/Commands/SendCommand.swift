internal import IntegrationBridge
internal import RDKafka

/// `send`: puts lookup requests on the requests topic.
struct SendCommand: Command {
    let invocation: Invocation

    func run(_ context: CommandContext) async throws -> ExitCode {
        let headers = try invocation.headers("--header").map {
            RecordHeader(name: $0.name, value: Array($0.value.utf8))
        }
        let source = invocation.value(of: "--file").map(RequestSource.file) ?? .ids(invocation.operands)
        let configuration = try context.configuration(invocation)
        let topic = configuration.requests.topics[0]
        let tally = SendTally()
        var settings = configuration.kafka.producerConfiguration
        // A person waits for the end of it.
        settings.deliveryTimeout = .seconds(60)
        settings.onError = { tally.take(connectionError: $0) }
        let producer = try Producer(settings) { tally.take($0) }
        let start = ContinuousClock.now
        do {
            try await reach(topic, producer, tally, configuration.kafka)
            let sender = RequestSender(
                producer: producer, topic: try producer.topic(topic), tally: tally,
                key: invocation.value(of: "--key").map { Array($0.utf8) }, headers: headers,
                progressOutput: context.errors)
            let (queued, failure) = await sender.send(source)
            try? await producer.flush(timeout: .seconds(70))
            await producer.close(timeout: .seconds(2))
            try check(queued: queued, failure, tally)
        } catch {
            await producer.close(timeout: .seconds(2))
            throw error
        }
        let time = ContinuousClock.now - start
        context.output.write(
            "Sent \(NumberText.counted(tally.acknowledged, "request")) to \(topic) in \(NumberText.time(time))\n")
        return .success
    }

    /// Also warms the topic: the first record could wait a second else.
    private func reach(
        _ topic: String, _ producer: Producer, _ tally: SendTally, _ kafka: BridgeConfiguration.Kafka
    ) async throws(CommandFailure) {
        do throws(KafkaError) {
            _ = try await producer.metadata(topic: topic, timeout: .seconds(10))
        } catch {
            let isAnswer = [.unknownTopicOrPartition, .topicAuthorizationFailed].contains(error.code)
            let cause = isAnswer ? error : tally.connectionError ?? error
            let advice = "\nAre the brokers at \(kafka.servers) reachable? 'integration-bridge check' says more."
            throw CommandFailure(ExitCode(cause), cause.message + (isAnswer ? "" : advice))
        }
    }

    private func check(queued: Int, _ failure: CommandFailure?, _ tally: SendTally) throws(CommandFailure) {
        let sent = tally.acknowledged
        if let failure {
            let before = "\nsent before it: \(NumberText.counted(sent, "request"))"
            throw CommandFailure(failure.exitCode, failure.message + (queued > 0 ? before : "; nothing was sent"))
        }
        if let error = tally.firstError {
            throw CommandFailure(
                ExitCode(error),
                "\(error.message)\nonly \(NumberText.grouped(sent)) of \(NumberText.counted(queued, "request")) "
                    + "\(sent == 1 ? "is" : "are") known to be written")
        }
        guard sent == queued else {
            throw CommandFailure(
                .unavailable,
                "the brokers acknowledged \(NumberText.grouped(sent)) of \(NumberText.counted(queued, "request")) in time"
            )
        }
    }
}
