internal import Foundation
package import NotificationsAPI
internal import Synchronization

/// The credentials as they are now: the one place that locks them, reads them from files and exchanges tokens.
///
/// Credentials have a generation, which grows by one when others take their place: an API key's secret is read again when
/// its file changes, and a token is renewed before its life ends. A call remembers the generation that it was made with,
/// and tells here what became of it.
package final class CredentialStore: Sendable {
    /// Exchanges a subject token.
    package typealias Exchange =
        @Sendable (_ subjectToken: String) async throws(TokenExchangeError) -> AccessToken

    /// Where credentials come from.
    enum Source: Sendable {
        /// They never change.
        case fixed
        /// An API key whose secret is in a file.
        case file(SecretFile, key: String)
        /// A token, exchanged for the subject token in a file.
        case exchange(SecretFile, Exchange)
    }

    struct State {
        var credentials: Credentials
        var generation: UInt64
        /// The current ones were refused, and not accepted since.
        var isRefused = false
        /// How many calls were made to find out whether the file has changed.
        var looks: UInt64 = 0
        var lastLook: MonotonicInstant
        /// The look whose findings hold; an earlier one that ends later is of no interest.
        var appliedLook: UInt64 = 0
        var mark: SecretFile.Mark?
        var schedule: TokenSchedule
        /// The generation whose end was told.
        var expiredGeneration: UInt64 = 0
        var failing = TroubleLog(interval: .seconds(300))
        /// Why the last exchange gave no token.
        var fault: BridgeError?
        var onChange: @Sendable () -> Void = {}
    }

    let source: Source
    let log: EventLog
    let state: Mutex<State>
    /// The schedule has changed: a token is there, an exchange has ended or is wanted.
    let changed = AsyncCondition()
    /// The generation that a call was accepted with last, so that telling it again costs nothing.
    private let acceptedGeneration = Atomic<UInt64>(0)

    /// - Parameters:
    ///   - exchange: needed where tokens are exchanged.
    ///   - limits: when tokens are renewed.
    /// - Throws: ``BridgeError/Code/configuration`` where the secret's file cannot be read.
    init(
        _ api: BridgeConfiguration.API, exchange: Exchange? = nil, limits: TokenSchedule.Limits = .init(),
        log: EventLog = .silent
    ) throws(BridgeError) {
        self.log = log
        var state = State(
            credentials: .none, generation: 1, lastLook: .now, schedule: TokenSchedule(limits: limits, now: .now))
        switch api.auth {
        case .none:
            source = .fixed
        case .apiKey:
            let key = api.key ?? ""
            guard api.secret == nil, let path = api.secretFile else {
                source = .fixed
                state.credentials = .apiKey(key: key, secret: api.secret?.reveal() ?? "")
                break
            }
            let file = SecretFile(path: path)
            // The mark first: a change after it is found by the next look.
            state.mark = file.mark
            guard let secret = file.read() else {
                throw BridgeError(
                    code: .configuration,
                    message: "api.secretFile: '\(path)' cannot be read, or is empty; it holds the API key's secret")
            }
            source = .file(file, key: key)
            state.credentials = .apiKey(key: key, secret: secret)
        case .sts:
            guard let exchange, let path = api.sts.subjectTokenFile else {
                throw BridgeError(
                    code: .configuration, message: "api.sts.subjectTokenFile: is required while api.auth is sts")
            }
            source = .exchange(SecretFile(path: path), exchange)
            state.generation = 0
        }
        self.state = Mutex(state)
    }

    /// The credentials for the next call; `nil` while there is no token whose life is not over.
    package var current: (credentials: Credentials, generation: UInt64)? {
        switch source {
        case .fixed: break
        case .file: lookAgain(atOnce: false)
        case .exchange:
            return state.withLock { state in
                state.schedule.isUsable(at: .now) ? (state.credentials, state.generation) : nil
            }
        }
        return state.withLock { ($0.credentials, $0.generation) }
    }

    /// Whether no call can be made before a token is there.
    package var waitsForToken: Bool { current == nil }

    /// Sets what is called whenever other credentials are there, from any thread and without a lock.
    package func onChange(_ handler: @escaping @Sendable () -> Void) {
        state.withLock { $0.onChange = handler }
    }

    /// A call with credentials of this generation was refused: 401, or a 403 that says "invalid API key".
    ///
    /// - Returns: true where other credentials are there now, after at most one look at the file or one exchange: call
    ///   again, it was nobody's fault. False where the credentials are refused.
    package func refused(generation: UInt64) async -> Bool {
        let isOther =
            switch source {
            case .fixed: false
            case .file:
                state.withLock { $0.generation > generation } || lookAgain(atOnce: true, refused: generation)
            case .exchange: await renew(refused: generation)
            }
        if !isOther {
            state.withLock { state in
                if state.generation <= generation { state.isRefused = true }
            }
            acceptedGeneration.store(0, ordering: .relaxed)
            changed.signal()
        }
        return isOther
    }

    /// A call with credentials of this generation got through.
    package func accepted(generation: UInt64) {
        guard acceptedGeneration.load(ordering: .relaxed) != generation else { return }
        state.withLock { state in
            guard state.generation == generation else { return }
            state.isRefused = false
            state.schedule.accepted(generation: generation)
            acceptedGeneration.store(generation, ordering: .relaxed)
        }
    }

    /// Keeps the credentials good until the task is cancelled: renews tokens, and looks at the file of a refused secret.
    package func run() async {
        switch source {
        case .fixed: break
        case .file: await watchFile()
        case .exchange: await renewTokens()
        }
    }
}
