internal import Dispatch
internal import Synchronization

/// Where the poll thread leaves a batch and a reader takes it: room for one, so what is read ahead is bounded and a
/// reader's pace is the back-pressure.
final class BatchMailbox: Sendable {
    private typealias Reader = CheckedContinuation<Result<RecordBatch?, KafkaError>, Never>

    private struct State {
        var batch: RecordBatch?
        var reader: Reader?
        var hasEnded = false
        var error: KafkaError?
        var pollThreadWaits = false
    }

    private let state = Mutex(State())
    private let roomMade = DispatchSemaphore(value: 0)

    /// Whether a batch can be put; only the poll thread puts, so room stays until it does. Where there is none, the next
    /// `take` answers true.
    func hasRoom() -> Bool {
        state.withLock { state in
            state.pollThreadWaits = state.batch != nil
            return state.batch == nil
        }
    }

    /// Hands a batch to the reader that waits, or keeps it.
    func put(_ batch: RecordBatch) {
        let reader: Reader? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            guard let reader = state.reader.take() else {
                state.batch = batch
                return nil
            }
            return reader
        }
        reader?.resume(returning: .success(batch))
    }

    /// Blocks the poll thread until there is room, or the time has passed.
    func waitForRoom(milliseconds: Int) {
        // Signals of earlier batches may still be counted: each costs one more look.
        let deadline = DispatchTime.now() + .milliseconds(milliseconds)
        while !hasRoom(), roomMade.wait(timeout: deadline) == .success {}
    }

    /// Wakes the poll thread where it waits for room.
    func interruptWait() {
        roomMade.signal()
    }

    /// Drops a batch that nobody has taken yet: its partitions are gone.
    func drop() {
        state.withLock { $0.batch = nil }
    }

    /// No batch comes any more. A batch that waits is still given, and then the error, once.
    func end(_ error: KafkaError? = nil) {
        let reader: Reader? = state.withLock { state in
            guard !state.hasEnded else { return nil }
            state.hasEnded = true
            guard let reader = state.reader.take() else {
                state.error = error
                return nil
            }
            return reader
        }
        reader?.resume(returning: error.map { .failure($0) } ?? .success(nil))
    }

    /// Waits for a batch; nil at the end, and where the task is cancelled.
    ///
    /// - Parameter onRoom: Called where the poll thread waits for room in its queue's poll.
    func take(onRoom: @Sendable () -> Void) async throws(KafkaError) -> RecordBatch? {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { (reader: Reader) in
                let (result, wakes): (Result<RecordBatch?, KafkaError>?, Bool) = state.withLock { state in
                    if let batch = state.batch.take() {
                        defer { state.pollThreadWaits = false }
                        return (.success(batch), state.pollThreadWaits)
                    }
                    if let error = state.error.take() { return (.failure(error), false) }
                    // The flag is set before the cancellation handler runs, and the handler needs this lock.
                    if state.hasEnded || Task.isCancelled { return (.success(nil), false) }
                    if state.reader != nil {
                        return (
                            .failure(
                                KafkaError(.invalidArgument, "The consumer's batches have a reader already: use one.")),
                            false
                        )
                    }
                    state.reader = reader
                    return (nil, false)
                }
                if wakes {
                    roomMade.signal()
                    onRoom()
                }
                if let result { reader.resume(returning: result) }
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume(returning: .success(nil))
        }
        return try result.get()
    }
}
