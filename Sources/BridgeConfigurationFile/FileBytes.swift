internal import IntegrationBridge

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Reads a configuration file whole.
enum FileBytes {
    /// No configuration of ours comes near this.
    static let maximum = 1_024 * 1_024

    static func read(_ path: String) throws(BridgeConfigurationError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, errno) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 64 * 1_024)
        while true {
            let count = chunk.withUnsafeMutableBytes { Self.readOnce(descriptor, $0) }
            guard count >= 0 else { throw failure(path, errno) }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            if bytes.count > maximum {
                throw error(
                    path, "is larger than \(ByteSizeText.text(maximum)), so it is no configuration; check the path")
            }
        }
    }

    private static func readOnce(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
        while true {
            #if canImport(Glibc)
                let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            #else
                let count = Darwin.read(descriptor, buffer.baseAddress, buffer.count)
            #endif
            if count >= 0 || errno != EINTR { return count }
        }
    }

    private static func failure(_ path: String, _ number: Int32) -> BridgeConfigurationError {
        switch number {
        case ENOENT: error(path, "does not exist; give the path of a configuration file with --config")
        case EISDIR: error(path, "is a folder; give the path of a configuration file with --config")
        default: error(path, "cannot be read: \(String(cString: strerror(number)))")
        }
    }

    private static func error(_ path: String, _ message: String) -> BridgeConfigurationError {
        BridgeConfigurationError([.init(.unreadableFile, "the configuration file '\(path)' \(message)")])
    }
}
