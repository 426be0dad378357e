internal import Foundation

/// A small file that holds one secret.
struct SecretFile: Sendable {
    /// What tells one state of a file from another without reading it.
    struct Mark: Equatable, Sendable {
        var device: UInt64
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int
    }

    /// Beyond this it is no secret, but a mistake in the path.
    private static let largest = 64 * 1024

    let path: String

    /// The file's state; links are followed, since mounted secrets are links that are set anew. `nil` for what is no file
    /// that can be read twice.
    var mark: Mark? {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        #if canImport(Darwin)
            let modified = status.st_mtimespec
        #else
            let modified = status.st_mtim
        #endif
        return Mark(
            device: UInt64(truncatingIfNeeded: status.st_dev), inode: UInt64(truncatingIfNeeded: status.st_ino),
            size: Int64(status.st_size), seconds: modified.tv_sec, nanoseconds: modified.tv_nsec)
    }

    /// The file's text without white space around it; `nil` where it cannot be read, is empty or is too large.
    func read() -> String? {
        guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
        defer { try? handle.close() }
        guard let data = try? handle.read(upToCount: Self.largest + 1), data.count <= Self.largest,
            let text = String(data: data, encoding: .utf8)
        else { return nil }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return secret.isEmpty ? nil : secret
    }
}
