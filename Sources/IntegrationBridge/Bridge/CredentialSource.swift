internal import Foundation
internal import NotificationsAPI
internal import Synchronization

/// The credentials as they are now: a secret in a file is read again when the file changes.
final class CredentialSource: Sendable {
    private struct Read {
        var credentials: Credentials
        var modified: Date?
        var looked: ContinuousClock.Instant
    }

    private static let lookAgainAfter = Duration.seconds(1)

    private let key: String?
    private let file: String?
    private let state: Mutex<Read>

    /// - Throws: ``BridgeError/Code/configuration`` where the secret's file cannot be read.
    init(_ api: BridgeConfiguration.API) throws(BridgeError) {
        key = api.key
        file = api.auth == .apiKey && api.secret == nil ? api.secretFile : nil
        var read = Read(credentials: .none, modified: nil, looked: .now)
        if api.auth == .apiKey {
            read.credentials = .apiKey(key: api.key ?? "", secret: api.secret?.reveal() ?? "")
        }
        if let file {
            guard let secret = Self.secret(in: file) else {
                throw BridgeError(
                    code: .configuration,
                    message: "api.secretFile: '\(file)' cannot be read, or is empty; it holds the API key's secret")
            }
            read.credentials = .apiKey(key: api.key ?? "", secret: secret)
            read.modified = Self.modified(file)
        }
        state = Mutex(read)
    }

    /// Looks at the file at most once a second; one that cannot be read leaves the secret as it was.
    var current: Credentials {
        state.withLock { read in
            guard let file, read.looked.duration(to: .now) >= Self.lookAgainAfter else { return read.credentials }
            read.looked = .now
            let modified = Self.modified(file)
            guard modified != read.modified, let secret = Self.secret(in: file) else { return read.credentials }
            read.modified = modified
            read.credentials = .apiKey(key: key ?? "", secret: secret)
            return read.credentials
        }
    }

    private static func modified(_ file: String) -> Date? {
        try? FileManager.default.attributesOfItem(atPath: file)[.modificationDate] as? Date
    }

    private static func secret(in file: String) -> String? {
        guard let text = try? String(contentsOfFile: file, encoding: .utf8) else { return nil }
        let secret = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return secret.isEmpty ? nil : secret
    }
}
