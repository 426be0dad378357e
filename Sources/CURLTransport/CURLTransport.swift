internal import Dispatch
internal import Synchronization

/// HTTP over libcurl's multi interface, on one thread of its own.
public final class CURLTransport: HTTPTransport, Sendable {
    private let loop: TransferLoop

    /// Checks the configuration and starts the thread.
    ///
    /// - Throws: ``HTTPTransportError/Code/invalidRequest`` where the configuration cannot be used.
    public init(_ configuration: CURLTransportConfiguration) throws(HTTPTransportError) {
        loop = try TransferLoop(configuration)
    }

    deinit { loop.stop {} }

    /// The transport's thread: child tasks that prefer it start transfers and go on after them with no change of thread.
    public var executor: any TaskExecutor { loop }

    /// Sends one request; its timeout covers the wait for a free connection too.
    public func execute(_ request: HTTPRequest) async throws(HTTPTransportError) -> HTTPResponse {
        let transfer = Transfer(request)
        let outcome = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                loop.submit(.start(transfer, continuation))
            }
        } onCancel: {
            loop.submit(.cancel(transfer))
        }
        return try outcome.get()
    }

    /// Ends what is running with ``HTTPTransportError/Code/shutDown`` and the thread; returns once it has ended or the
    /// time is up. May be called more than once.
    public func shutDown(timeout: Duration) async {
        await withUnsafeContinuation { (continuation: UnsafeContinuation<Void, Never>) in
            let once = Once(continuation)
            loop.stop { once.resume() }
            DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(timeout.milliseconds)) { once.resume() }
        }
    }

    private final class Once: Sendable {
        private let continuation: Mutex<UnsafeContinuation<Void, Never>?>
        init(_ continuation: UnsafeContinuation<Void, Never>) { self.continuation = Mutex(continuation) }
        func resume() {
            let first = continuation.withLock { held in
                defer { held = nil }
                return held
            }
            first?.resume()
        }
    }
}
