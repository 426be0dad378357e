internal import NotificationsAPI
internal import Synchronization

/// A secret in a file.
extension CredentialStore {
    /// How often the file is looked at, at most, while nobody is refused.
    private static let lookAgainAfter = Duration.seconds(1)

    /// Reads the secret again where its file has changed; one that cannot be read leaves the secret as it was.
    ///
    /// - Parameters:
    ///   - atOnce: also when it was looked at a moment ago, and whatever the file's state says.
    ///   - refused: a generation that was refused.
    /// - Returns: whether there is a newer one than that.
    @discardableResult
    func lookAgain(atOnce: Bool, refused: UInt64 = .max) -> Bool {
        guard case .file(let file, let key) = source else { return false }
        let look = state.withLock { state -> (number: UInt64, mark: SecretFile.Mark?)? in
            guard atOnce || state.lastLook.duration(to: .now) >= Self.lookAgainAfter else { return nil }
            state.lastLook = .now
            state.looks += 1
            return (state.looks, state.mark)
        }
        // The file is read without the lock: calls need not wait for a disk.
        guard let look, let mark = file.mark, atOnce || mark != look.mark, let secret = file.read() else {
            return state.withLock { $0.generation > refused }
        }
        let credentials = Credentials.apiKey(key: key, secret: secret)
        let (isOther, onChange) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard look.number > state.appliedLook else { return (state.generation > refused, nil) }
            state.appliedLook = look.number
            state.mark = mark
            guard state.credentials != credentials else { return (state.generation > refused, nil) }
            state.credentials = credentials
            state.generation += 1
            state.isRefused = false
            return (state.generation > refused, state.onChange)
        }
        if let onChange {
            log(.info, "The API key's secret was read again: its file has changed")
            onChange()
        }
        return isOther
    }

    /// Looks at the file while its secret stands refused: calls wait then, and nobody else would look.
    func watchFile() async {
        while !Task.isCancelled {
            guard state.withLock({ $0.isRefused }) else {
                await changed.wait { self.state.withLock { $0.isRefused } }
                continue
            }
            lookAgain(atOnce: true)
            try? await Task.sleep(for: Self.lookAgainAfter)
        }
    }
}
