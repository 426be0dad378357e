import Foundation

/// A file in a directory of its own, removed with its last user.
final class TemporaryFile: Sendable {
    let directory: URL
    var path: String { directory.appendingPathComponent("secret").path }

    init(_ text: String) throws {
        directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: false)
        try write(text)
    }

    func write(_ text: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    deinit { try? FileManager.default.removeItem(at: directory) }
}
