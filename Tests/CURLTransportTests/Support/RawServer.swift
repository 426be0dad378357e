import Foundation
import Synchronization

/// Answers whatever it is asked with the same bytes, which may be no server's to send; counts connections and answers.
final class RawServer: Sendable {
    let port: Int
    private let descriptor: Int32
    private let counts = Mutex((connections: 0, answers: 0))

    /// - Parameters:
    ///   - answer: sent whole once a request's head has come.
    ///   - keepsAlive: further requests on the same connection are answered; else it is closed after the first.
    init(_ answer: [UInt8], keepsAlive: Bool = false) throws {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, length) | listen(descriptor, 16) | getsockname(descriptor, $0, &length)
            }
        }
        guard descriptor >= 0, result == 0 else { throw CocoaError(.fileReadUnknown) }
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread { [self] in
            while true {
                let connection = accept(descriptor, nil, nil)
                guard connection >= 0 else { return }
                counts.withLock { $0.connections += 1 }
                Thread { [self] in
                    while Self.readHead(connection) {
                        counts.withLock { $0.answers += 1 }
                        Self.write(answer, connection)
                        if !keepsAlive { break }
                    }
                    close(connection)
                }.start()
            }
        }.start()
    }

    var connections: Int { counts.withLock { $0.connections } }
    var answers: Int { counts.withLock { $0.answers } }

    /// Ends the thread, which waits in `accept`.
    func stop() {
        shutdown(descriptor, Int32(SHUT_RDWR))
        close(descriptor)
    }

    /// False where the client has closed.
    private static func readHead(_ connection: Int32) -> Bool {
        var head: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while !head.suffix(4).elementsEqual(Array("\r\n\r\n".utf8)) {
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return false }
            head += buffer.prefix(count)
        }
        return true
    }

    private static func write(_ bytes: [UInt8], _ connection: Int32) {
        var sent = 0
        bytes.withUnsafeBytes { bytes in
            while sent < bytes.count {
                // The client may be gone: no SIGPIPE for that.
                let count = send(
                    connection, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return }
                sent += count
            }
        }
    }
}
