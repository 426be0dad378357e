internal import Dispatch
internal import Synchronization

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// SIGTERM and SIGINT: the first asks for an orderly end, the second ends the process at once.
///
/// The handler writes to a pipe, so that a signal that comes before anybody listens is kept: one that is ignored until a
/// dispatch source is armed is lost.
///
/// `@unchecked Sendable`: the source is made in `init` and not touched again; what it calls runs on one serial queue.
final class StopSignals: @unchecked Sendable {
    private let source: any DispatchSourceRead
    private let received: AsyncStream<Int32>

    /// The pipe's end that the handler writes to; a handler can reach nothing but globals.
    private static let writeEnd = Atomic<Int32>(-1)

    /// - Parameter onFirst: called once, on a thread of its own, with the signal's number.
    init(onFirst: @escaping @Sendable (Int32) -> Void = { _ in }) {
        let (received, continuation) = AsyncStream.makeStream(of: Int32.self)
        self.received = received
        var ends: [Int32] = [-1, -1]
        pipe(&ends)
        let readEnd = ends[0]
        Self.writeEnd.store(ends[1], ordering: .sequentiallyConsistent)
        for number in [SIGTERM, SIGINT] {
            signal(number) { number in
                var byte = UInt8(truncatingIfNeeded: number)
                _ = write(StopSignals.writeEnd.load(ordering: .sequentiallyConsistent), &byte, 1)
            }
        }
        let counter = Counter()
        source = DispatchSource.makeReadSource(fileDescriptor: readEnd, queue: DispatchQueue(label: "signals"))
        source.setEventHandler {
            var byte: UInt8 = 0
            guard read(readEnd, &byte, 1) == 1 else { return }
            counter.count += 1
            if counter.count > 1 { _exit(128 + Int32(byte)) }
            onFirst(Int32(byte))
            continuation.yield(Int32(byte))
        }
        source.resume()
    }

    deinit {
        source.cancel()
    }

    /// Waits for the first signal, or until the task is cancelled.
    func first() async {
        for await _ in received { return }
    }

    private final class Counter { var count = 0 }
}
