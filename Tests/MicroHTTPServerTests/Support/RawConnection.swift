import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A connection that sends bytes as they are and reads until the server closes it.
final class RawConnection {
    enum End: Equatable {
        case closed
        case reset
        case nothing
    }

    private let descriptor: Int32

    /// - Parameter timeout: how long a read waits.
    init(port: Int, timeout: Duration = .seconds(20)) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        let milliseconds = Int(timeout / .milliseconds(1))
        var time = timeval(tv_sec: milliseconds / 1000, tv_usec: milliseconds % 1000 * 1000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard result == 0 else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    }

    deinit { close(descriptor) }

    func send(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Self.write(descriptor, $0) }
    }

    /// What came until the end, and which end that was; `nothing` where the time was up before.
    func readToEnd() -> (text: String, end: End) {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count <= 0 {
                let end: End = count == 0 ? .closed : errno == ECONNRESET ? .reset : .nothing
                return (String(decoding: all, as: UTF8.self), end)
            }
            all += buffer.prefix(count)
        }
    }

    private static func write(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
        var sent = 0
        while sent < bytes.count, let start = bytes.baseAddress {
            // The server may be gone: no SIGPIPE for that.
            #if canImport(Glibc)
                let count = Glibc.send(descriptor, start + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
            #else
                let count = Darwin.send(descriptor, start + sent, bytes.count - sent, 0)
            #endif
            guard count > 0 else { break }
            sent += count
        }
        return sent
    }
}

extension RawConnection {
    /// Sends a GET that asks for the connection's end, and reads to it.
    static func get(_ target: String, port: Int, timeout: Duration = .seconds(20)) throws -> (text: String, end: End) {
        let connection = try RawConnection(port: port, timeout: timeout)
        connection.send("GET \(target) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        return connection.readToEnd()
    }
}
