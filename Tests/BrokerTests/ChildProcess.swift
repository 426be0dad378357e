import Foundation
import Synchronization

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A process that this one started, its output in a file.
///
/// Foundation's `Process` knows of an end by a descriptor that every descendant inherits: a server that the process leaves
/// behind would keep it waiting for ever.
final class ChildProcess: Sendable {
    struct SpawnFailed: Error, CustomStringConvertible {
        let description: String
    }

    let id: pid_t
    private let status = Mutex<Int32?>(nil)

    init(_ path: String, _ arguments: [String], environment: [String: String], output: String) throws {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_CREAT | O_APPEND, 0o600)
        posix_spawn_file_actions_adddup2(&actions, 1, 2)
        let texts = ([path] + arguments).map { strdup($0) }
        let settings = environment.map { strdup("\($0.key)=\($0.value)") }
        defer { for pointer in texts + settings { free(pointer) } }
        var id: pid_t = 0
        let code = posix_spawn(&id, path, &actions, nil, texts + [nil], settings + [nil])
        guard code == 0 else { throw SpawnFailed(description: "\(path): \(String(cString: strerror(code)))") }
        self.id = id
    }

    /// The exit code, or minus the signal that ended it; `nil` while it runs.
    var exitCode: Int32? { collect(WNOHANG) }

    /// Blocks until it has ended.
    func wait() -> Int32 { collect(0) ?? -1 }

    private func collect(_ options: Int32) -> Int32? {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            guard waitpid(id, &raw, options) == id else { return nil }
            let signal = raw & 0x7f
            status = signal == 0 ? (raw >> 8) & 0xff : -signal
            return status
        }
    }
}
