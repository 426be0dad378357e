internal import CLibMicroHTTPD
internal import Dispatch
internal import Foundation
internal import Synchronization

/// A small HTTP/1.1 server that can also misbehave: for stand-ins of other servers, and for operations.
///
/// Bounds: 4,096 connections, 120 s without traffic, bodies of 1 MiB.
///
/// `@unchecked Sendable`: the daemon may be used from any thread by libmicrohttpd's own rule, and is stopped once.
public final class HTTPServer: @unchecked Sendable {
    /// The port that was bound.
    public let port: Int
    private let daemon: OpaquePointer
    private let context: Unmanaged<Handler>
    private let isStopped = Mutex(false)

    private static let maximumBodySize = 1 << 20

    /// What the daemon's threads share.
    final class Handler: Sendable {
        let decide: @Sendable (HTTPServerRequest) -> HTTPServerAction
        /// Connections that wait for their time; `nil` once the server stops.
        let suspended = Mutex<Set<OpaquePointerBox>?>([])

        init(_ decide: @escaping @Sendable (HTTPServerRequest) -> HTTPServerAction) { self.decide = decide }

        /// Lets a connection go on, where it still waits.
        func resume(_ connection: OpaquePointerBox) {
            // Under the lock, so that the daemon is still there.
            suspended.withLock { suspended in
                if suspended?.remove(connection) != nil { MHD_resume_connection(connection.pointer) }
            }
        }
    }

    /// Starts the server.
    ///
    /// - Parameters:
    ///   - host: an IPv4 address.
    ///   - port: 0 for any free one.
    ///   - threads: 2 or more; connections are spread over them.
    ///   - handler: called on those threads; must not block.
    /// - Throws: ``HTTPServerError`` where the address cannot be bound.
    public init(
        host: String = "127.0.0.1", port: Int = 0, threads: Int = 2,
        handler: @escaping @Sendable (HTTPServerRequest) -> HTTPServerAction
    ) throws(HTTPServerError) {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        guard let number = UInt16(exactly: port), inet_pton(AF_INET, host, &address.sin_addr) == 1 else {
            throw HTTPServerError(description: "\(host):\(port) is no IPv4 address and port to listen on")
        }
        address.sin_port = number.bigEndian
        let context = Unmanaged.passRetained(Handler(handler))
        let daemon = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                ib_mhd_start($0, UInt32(max(2, threads)), 4096, 120, Self.access, context.toOpaque(), Self.completed)
            }
        }
        guard let daemon else {
            context.release()
            throw HTTPServerError(description: "cannot listen on \(host):\(port): is the port taken?")
        }
        self.daemon = daemon
        self.context = context
        self.port = Int(ib_mhd_port(daemon))
    }

    deinit { stop() }

    /// Closes the port and every connection; does nothing the second time.
    public func stop() {
        let isFirst = isStopped.withLock { stopped in
            defer { stopped = true }
            return !stopped
        }
        guard isFirst else { return }
        // The daemon must not be stopped with suspended connections.
        context.takeUnretainedValue().suspended.withLock { suspended in
            for connection in suspended ?? [] { MHD_resume_connection(connection.pointer) }
            suspended = nil
        }
        MHD_stop_daemon(daemon)
        context.release()
    }

    // MARK: The daemon's threads

    private static let completed: MHD_RequestCompletedCallback = { _, _, state, _ in
        guard let pointer = state?.pointee else { return }
        Unmanaged<Exchange>.fromOpaque(pointer).release()
        state?.pointee = nil
    }

    private static let access: MHD_AccessHandlerCallback = { context, connection, path, method, _, data, size, state in
        guard let context, let connection, let path, let method, let state, let size else { return ib_mhd_no }
        let handler = Unmanaged<Handler>.fromOpaque(context).takeUnretainedValue()
        guard let pointer = state.pointee else {
            state.pointee = Unmanaged.passRetained(Exchange(connection, handler)).toOpaque()
            return ib_mhd_yes
        }
        let exchange = Unmanaged<Exchange>.fromOpaque(pointer).takeUnretainedValue()
        if size.pointee > 0 {
            guard exchange.body.count + size.pointee <= maximumBodySize else { return ib_mhd_no }
            exchange.body.append(contentsOf: UnsafeRawBufferPointer(start: data, count: size.pointee))
            size.pointee = 0
            return ib_mhd_yes
        }
        if let delayed = exchange.delayed { return send(delayed, connection) }
        let request = HTTPServerRequest(
            method: String(cString: method), path: String(cString: path), query: pairs(connection, ib_mhd_each_query),
            headers: pairs(connection, ib_mhd_each_header), body: exchange.body)
        switch handler.decide(request) {
        case .respond(let response): return send(response, connection)
        case .respondLater(let response, let time):
            exchange.delayed = response
            return suspend(exchange, for: time)
        case .close: return ib_mhd_no
        case .reset:
            ib_mhd_reset(connection)
            return ib_mhd_no
        case .hang:
            exchange.delayed = HTTPServerResponse(status: 503)
            return suspend(exchange, for: nil)
        case .truncate(let response, let announced):
            let cut = response.body.withUnsafeBytes { ib_mhd_response_cut($0.baseAddress, $0.count, UInt64(announced)) }
            return send(cut, response, connection)
        }
    }

    private static func send(_ response: HTTPServerResponse, _ connection: OpaquePointer) -> MHD_Result {
        send(response.body.withUnsafeBytes { ib_mhd_response($0.baseAddress, $0.count) }, response, connection)
    }

    private static func send(
        _ native: OpaquePointer?, _ response: HTTPServerResponse, _ connection: OpaquePointer
    ) -> MHD_Result {
        guard let native else { return ib_mhd_no }
        defer { MHD_destroy_response(native) }
        for (name, value) in response.headers { MHD_add_response_header(native, name, value) }
        return MHD_queue_response(connection, UInt32(response.status), native)
    }

    private static func suspend(_ exchange: Exchange, for time: Duration?) -> MHD_Result {
        let connection = OpaquePointerBox(pointer: exchange.connection)
        let handler = exchange.server
        let isSuspended = handler.suspended.withLock { suspended in
            guard suspended != nil else { return false }
            suspended?.insert(connection)
            MHD_suspend_connection(exchange.connection)
            return true
        }
        guard isSuspended else { return ib_mhd_no }
        if let time {
            let microseconds = Int(time / .microseconds(1))
            DispatchQueue.global().asyncAfter(deadline: .now() + .microseconds(microseconds)) {
                handler.resume(connection)
            }
        }
        return ib_mhd_yes
    }

    private typealias Pairs = [(name: String, value: String)]

    private static func pairs(
        _ connection: OpaquePointer, _ each: (OpaquePointer?, MHD_KeyValueIterator?, UnsafeMutableRawPointer?) -> Void
    ) -> Pairs {
        var pairs: Pairs = []
        withUnsafeMutablePointer(to: &pairs) { pointer in
            each(
                connection,
                { context, _, name, value in
                    guard let context, let name else { return ib_mhd_yes }
                    let pairs = context.assumingMemoryBound(to: Pairs.self)
                    pairs.pointee.append((String(cString: name), value.map { String(cString: $0) } ?? ""))
                    return ib_mhd_yes
                }, pointer)
        }
        return pairs
    }
}
