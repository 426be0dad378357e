internal import CLibRDKafka

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Threads of ours, for what blocks: the cooperative pool has as many threads as there are cores, and must never wait.
enum KafkaThread {
    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }

    /// Starts a detached thread.
    ///
    /// - Parameters:
    ///   - name: Up to 15 characters, as tools show it.
    ///   - body: What it does. The thread ends with it.
    static func start(name: String, _ body: @escaping @Sendable () -> Void) throws(KafkaError) {
        // Balanced by takeRetainedValue on the new thread, or by release where there is none.
        let start = Unmanaged.passRetained(Start(name: name, body: body))
        let code = rdkafka_shim_start_thread(
            { argument in
                if let argument { KafkaThread.run(Unmanaged<Start>.fromOpaque(argument).takeRetainedValue()) }
                return nil
            }, start.toOpaque())
        guard code == 0 else {
            start.release()
            throw KafkaError(
                .failed, "No thread could be started for '\(name)': \(String(cString: strerror(code))).")
        }
    }

    private static func run(_ start: Start) {
        rdkafka_shim_name_thread(start.name)
        start.body()
    }
}
