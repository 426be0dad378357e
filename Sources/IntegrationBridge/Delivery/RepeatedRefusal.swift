internal import RDKafka

/// Tells a result that no repetition helps from one that a broker's trouble has kept back.
///
/// After an abort the same requests are read again and have the same results: what is refused for the same reason again and
/// again, with nothing committed in between, would go on so for ever.
struct RepeatedRefusal {
    private static let most = 5

    private var code: KafkaError.Code?
    private var count = 0

    /// Notes a refusal.
    ///
    /// - Returns: whether to give up.
    mutating func isForGood(_ error: KafkaError) -> Bool {
        guard !error.isRetriable, !Self.passing.contains(error.code) else { return false }
        count = error.code == code ? count + 1 : 1
        code = error.code
        return count >= Self.most
    }

    /// What says more of brokers and the transaction than of the record.
    private static let passing: Set<KafkaError.Code> = [
        .messageTimedOut, .timedOut, .fenced, .producerFenced, .invalidProducerEpoch, .invalidTransactionState, .fatal,
        .inconsistent, .purgedFromQueue, .purgedInFlight, .outOfOrder, .closed,
    ]
}
