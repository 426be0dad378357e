internal import JSONText
internal import NotificationsAPI
internal import RDKafka

/// Writes results and hands them to a producer, which reports each by its request's token.
struct ResultProducer: Sendable {
    let producer: Producer
    private let integrations: ProducerTopic
    private let failures: ProducerTopic
    /// What a record may take in bytes.
    let largestRecord: Int
    private let counters: BridgeCounters

    init(
        _ producer: Producer, integrations: String, failures: String, largestRecord: Int, counters: BridgeCounters
    ) throws(KafkaError) {
        self.producer = producer
        self.largestRecord = largestRecord
        self.counters = counters
        self.integrations = try producer.topic(integrations)
        self.failures = try producer.topic(failures)
    }

    /// Produces one result; a document that is too large is replaced by a Failure that says so, a Failure that is too large
    /// goes without the request's value and headers, and where that is not enough, without the API's own document.
    ///
    /// - Returns: false where the producer's queue is full: nothing was produced.
    func produce(
        _ request: LookupRequest, _ result: LookupResult, source: LookupSource, attempts: Int,
        _ writer: inout OutputWriter
    ) throws(KafkaError) -> Bool {
        let head: [UInt8]
        let failure: FailedLookup?
        switch result {
        case .resolved(let document):
            head = document.head
            failure = nil
        case .failed(let failed):
            head = failed.head
            failure = failed
        }
        writer.write(head: head, source: source, attempts: attempts, request: request, now: TimestampText.now())
        var headers = writer.headers(request, failure: failure)
        do {
            try produce(request, to: failure == nil ? integrations : failures, writer, &headers)
            return true
        } catch {
            if error.code == .queueFull { return false }
            guard error.code == .messageTooLarge else { throw error }
            switch result {
            case .failed(let failed):
                return try produceInShort(request, failed, source: source, attempts: attempts, &writer)
            case .resolved(let document):
                let failed = tooLarge(
                    "The result's value", writer.value.count, reason: .outputTooLarge, request, document.answer)
                guard try produceBare(request, failed, source: source, attempts: attempts, &writer) else {
                    return false
                }
                counters.recount(result, as: .failed(failed), source)
                return true
            }
        }
    }

    /// A Failure in place of what is too large.
    private func tooLarge(
        _ what: String, _ size: Int, reason: FailureReason, _ request: LookupRequest, _ answer: ArraySlice<UInt8>
    ) -> FailedLookup {
        FailedLookup(
            Failure(
                code: FailureReason.outputTooLarge.rawValue, title: "Output too large",
                detail: "\(what) takes \(size) bytes; a record with its key and headers may take"
                    + " \(largestRecord): the least of the topics' max.message.bytes and the producer's message.max.bytes."
            ), reason: reason, id: request.id, answer: answer)
    }

    /// A Failure that is larger than a record may be, for what comes of the request, or for the API's own document.
    private func produceInShort(
        _ request: LookupRequest, _ failed: FailedLookup, source: LookupSource, attempts: Int,
        _ writer: inout OutputWriter
    ) throws(KafkaError) -> Bool {
        do {
            return try produceBare(request, failed, source: source, attempts: attempts, &writer)
        } catch {
            guard error.code == .messageTooLarge else { throw error }
            let short = tooLarge("The Failure", writer.value.count, reason: failed.reason, request, failed.answer)
            return try produceBare(request, short, source: source, attempts: attempts, &writer)
        }
    }

    /// A Failure without the request's value and headers, in place of a result that is larger than a record may be.
    private func produceBare(
        _ request: LookupRequest, _ failed: FailedLookup, source: LookupSource, attempts: Int,
        _ writer: inout OutputWriter
    ) throws(KafkaError) -> Bool {
        writer.writeBare(head: failed.head, source: source, attempts: attempts, request: request)
        var headers = writer.headers(request, failure: failed, keepsOwn: false)
        do {
            try produce(request, to: failures, writer, &headers)
            return true
        } catch {
            if error.code == .queueFull { return false }
            guard error.code == .messageTooLarge else { throw error }
            return try produceWithoutKey(request, writer, &headers)
        }
    }

    /// The key alone is too large: the id is the key then, where there is one.
    private func produceWithoutKey(
        _ request: LookupRequest, _ writer: borrowing OutputWriter, _ headers: inout ProducerHeaders
    ) throws(KafkaError) -> Bool {
        do {
            try produce(key: request.id, request, to: failures, writer, &headers)
            return true
        } catch {
            if error.code == .queueFull { return false }
            throw error
        }
    }

    private func produce(
        _ request: LookupRequest, to topic: ProducerTopic, _ writer: borrowing OutputWriter,
        _ headers: inout ProducerHeaders
    ) throws(KafkaError) {
        let ownKey = request.record.key
        let key =
            switch writer.format.key {
            case .request: ownKey ?? request.id
            case .integrationID: request.id ?? ownKey
            }
        try produce(key: key, request, to: topic, writer, &headers)
    }

    private func produce(
        key: UnsafeRawBufferPointer?, _ request: LookupRequest, to topic: ProducerTopic,
        _ writer: borrowing OutputWriter, _ headers: inout ProducerHeaders
    ) throws(KafkaError) {
        try writer.value.withUnsafeBytes { value throws(KafkaError) in
            try producer.produce(
                to: topic, key: key, value: value, headers: &headers, timestamp: request.record.timestamp,
                token: request.token.wire)
        }
    }
}
