internal import Foundation
internal import NotificationsAPI
internal import Synchronization

/// Tokens.
///
/// An exchange is made by whoever finds it due first: the background task, or a call that was refused. The others wait for
/// its end, and one of them takes over where it is cancelled.
extension CredentialStore {
    private enum Step {
        case exchange
        case wait
        case end(hasOther: Bool)
    }

    /// Waits for the first token: for commands that do nothing else until it is there.
    ///
    /// - Parameter attempts: how many exchanges are made where one may succeed later.
    /// - Throws: ``BridgeError/Code/notAuthorized`` where the exchange is refused, ``BridgeError/Code/unavailable`` where
    ///   it fails otherwise, ``BridgeError/Code/configuration`` where the subject token cannot be read.
    package func firstCredentials(attempts: Int = 3) async throws(BridgeError) {
        guard case .exchange = source else { return }
        while state.withLock({ $0.generation == 0 }) {
            if let due = state.withLock({ $0.schedule.due }) {
                await MonotonicInstant.sleep(until: due)
            }
            if Task.isCancelled { throw BridgeError(code: .unavailable, message: "The task was cancelled.") }
            if state.withLock({ $0.schedule.begin(now: .now) }) {
                await exchange()
            } else {
                await changed.wait { self.state.withLock { !$0.schedule.isRefreshing } }
            }
            let (fault, failures) = state.withLock { ($0.fault, $0.schedule.failures) }
            if let fault, failures >= attempts || fault.code != .unavailable { throw fault }
        }
    }

    /// Renews tokens when they are due.
    func renewTokens() async {
        while !Task.isCancelled {
            tellExpiry()
            let (begins, due, expires) = state.withLock {
                ($0.schedule.begin(now: .now), $0.schedule.due, $0.schedule.expires)
            }
            if begins {
                await exchange()
            } else if let due {
                let wakeUp = expires.map { $0 > .now ? min(due, $0) : due } ?? due
                _ = await isDone(by: wakeUp) {
                    await self.changed.wait { self.state.withLock { $0.schedule.due != due } }
                }
            } else {
                await changed.wait { self.state.withLock { !$0.schedule.isRefreshing } }
            }
        }
    }

    /// A token's life is over before there is another: until then no call has any credentials.
    private func tellExpiry() {
        let onChange: (@Sendable () -> Void)? = state.withLock { state in
            guard state.generation > state.expiredGeneration, !state.schedule.isUsable(at: .now) else { return nil }
            state.expiredGeneration = state.generation
            return state.onChange
        }
        guard let onChange else { return }
        log(.warning, "The token has expired, and there is no other; calls wait")
        onChange()
    }

    /// Whether there is another token than the refused one, after one exchange at most.
    func renew(refused generation: UInt64) async -> Bool {
        let (refusal, attempts) = state.withLock { state in
            (state.schedule.refused(generation: generation, now: .now), state.schedule.attempts)
        }
        switch refusal {
        case .tryAgain: return true
        case .fault: return false
        case .refresh: break
        }
        while !Task.isCancelled {
            let step: Step = state.withLock { state in
                if state.schedule.hasOther(than: generation, at: .now) { return .end(hasOther: true) }
                if state.schedule.attempts > attempts { return .end(hasOther: false) }
                return state.schedule.begin(now: .now) ? .exchange : .wait
            }
            switch step {
            case .exchange: await exchange()
            case .wait:
                await changed.wait {
                    self.state.withLock { $0.schedule.attempts > attempts || !$0.schedule.isRefreshing }
                }
            case .end(let hasOther): return hasOther
            }
        }
        return false
    }

    // MARK: One exchange

    /// Makes the exchange that was begun, and says what it came to.
    private func exchange() async {
        guard case .exchange(let file, let exchange) = source else { return }
        guard let subjectToken = file.read() else {
            let fault = BridgeError(
                code: .configuration,
                message:
                    "api.sts.subjectTokenFile: '\(file.path)' cannot be read, or is empty; it holds the token that is"
                    + " exchanged")
            return failed(fault, retryAfter: nil)
        }
        do throws(TokenExchangeError) {
            renewed(try await exchange(subjectToken))
        } catch {
            if Task.isCancelled {
                state.withLock { $0.schedule.abandoned() }
                changed.signal()
            } else {
                failed(BridgeError(error), retryAfter: error.retryAfter)
            }
        }
    }

    private func renewed(_ token: AccessToken) {
        let onChange = state.withLock { state in
            state.schedule.succeeded(lifetime: token.expiresIn, now: .now)
            state.credentials = token.credentials
            state.generation = state.schedule.generation
            state.isRefused = false
            state.fault = nil
            state.failing = TroubleLog(interval: .seconds(300))
            return state.onChange
        }
        log(.debug, "A token was exchanged", [("seconds", "\(token.expiresIn.components.seconds)")])
        changed.signal()
        onChange()
    }

    private func failed(_ fault: BridgeError, retryAfter: RetryAfter?) {
        let asked: Duration? =
            switch retryAfter {
            case .after(let wait): wait
            case .at(let date): .seconds(min(max(0, date.timeIntervalSinceNow), 1e6))
            case nil: nil
            }
        var random = SystemRandomNumberGenerator()
        let (isUsable, line) = state.withLock { state in
            let now = MonotonicInstant.now
            state.schedule.failed(retryAfter: asked, now: now, using: &random)
            state.fault = fault
            return (state.schedule.isUsable(at: now), state.failing.failed(now: now))
        }
        let isWorthALine = line != nil
        let metadata = [("error", fault.message)]
        if isUsable {
            log(
                isWorthALine ? .warning : .debug,
                "The token was not renewed; it will be tried again, and the old one is used", metadata)
        } else {
            log(
                isWorthALine ? .error : .debug, "There is no token: the exchange failed, and will be tried again",
                metadata)
        }
        changed.signal()
    }
}

extension BridgeError {
    /// Why there is no token.
    init(_ error: TokenExchangeError) {
        let text = "The token exchange failed: \(error)"
        switch error.reason {
        case .refused:
            self.init(
                code: .notAuthorized,
                message:
                    "The API refused the token exchange (\(error.failure.summary)): check api.sts.identityPoolId and"
                    + " the token in api.sts.subjectTokenFile",
                cause: error)
        case .rateLimited, .serverError, .timeout, .transport, .cancelled:
            self.init(code: .unavailable, message: text, cause: error)
        case .invalidResponse:
            self.init(code: .unavailable, message: "\(text)\nIs api.baseUrl right?", cause: error)
        }
    }
}
