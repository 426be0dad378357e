internal import RDKafka
internal import Synchronization

/// Where the demo's reader puts results, and where the demo waits for them.
final class DemoBoard: Sendable {
    private struct State {
        var tally: DemoTally
        var failure: (any Error)?
    }

    private let state: Mutex<State>
    private let changes: AsyncStream<Void>
    private let changed: AsyncStream<Void>.Continuation
    /// Takes the values of records that are not the demo's own.
    private let onOther: @Sendable (Record) -> Void

    init(_ tally: DemoTally, onOther: @escaping @Sendable (Record) -> Void) {
        state = Mutex(State(tally: tally))
        self.onOther = onOther
        (changes, changed) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    var tally: DemoTally { state.withLock { $0.tally } }

    func take(_ batch: RecordBatch) {
        let records = (0..<batch.count).map { batch[$0] }
        let others = state.withLock { state in records.filter { state.tally.take($0) != nil } }
        changed.yield()
        for record in others { onOther(record) }
    }

    /// Ends every wait with this error; the first one counts.
    func fail(_ error: any Error) {
        state.withLock { if $0.failure == nil { $0.failure = error } }
        changed.yield()
    }

    /// Waits for a state of the results; for one task.
    ///
    /// - Parameter onChange: called at each change, before the look.
    func wait(
        until isReached: (DemoTally) -> Bool, onChange: (DemoTally) -> Void = { _ in }
    ) async throws {
        while true {
            let (tally, failure) = state.withLock { ($0.tally, $0.failure) }
            onChange(tally)
            if let failure { throw failure }
            if isReached(tally) { return }
            var iterator = changes.makeAsyncIterator()
            guard await iterator.next() != nil else { throw CancellationError() }
        }
    }
}
