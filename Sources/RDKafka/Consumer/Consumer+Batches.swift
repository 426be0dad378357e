extension Consumer {
    /// The batches of a consumer, in the order of each partition's offsets.
    ///
    /// For one reader. It ends when the consumer is closed or the reader's task is cancelled, and throws what cannot go
    /// on: an unknown topic, a refusal, an offset that retention has passed. After an error the consumer stays in its group
    /// until it is closed, so that what was read can still be committed.
    public struct Batches: AsyncSequence, Sendable {
        /// A batch.
        public typealias Element = RecordBatch
        /// What ends the sequence.
        public typealias Failure = KafkaError

        let state: ConsumerState

        /// Starts to read.
        public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(state: state) }

        /// Reads batches.
        public struct AsyncIterator: AsyncIteratorProtocol {
            let state: ConsumerState

            /// The next batch; nil at the end.
            public mutating func next() async throws(KafkaError) -> RecordBatch? {
                try await state.mailbox.take { [state] in state.wake() }
            }

            /// The next batch; nil at the end.
            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(KafkaError) -> RecordBatch? {
                try await state.mailbox.take { [state] in state.wake() }
            }
        }
    }
}
