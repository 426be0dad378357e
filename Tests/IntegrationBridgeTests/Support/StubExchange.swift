import NotificationsAPI
import Synchronization

@testable import IntegrationBridge

/// A token exchange that answers from a function.
final class StubExchange: Sendable {
    private let subjects = Mutex<[String]>([])
    private let answer: @Sendable (_ call: Int) async throws(TokenExchangeError) -> AccessToken

    /// - Parameter answer: called with the number of the exchanges before.
    init(_ answer: @escaping @Sendable (_ call: Int) async throws(TokenExchangeError) -> AccessToken) {
        self.answer = answer
    }

    /// The subject tokens that were exchanged.
    var seen: [String] { subjects.withLock { $0 } }

    func store(
        _ file: TemporaryFile, limits: TokenSchedule.Limits = .init(), log: EventLog = .silent
    ) throws -> CredentialStore {
        var api = BridgeConfiguration.API()
        api.auth = .sts
        api.sts.identityPoolID = "pool-1"
        api.sts.subjectTokenFile = file.path
        return try CredentialStore(
            api,
            exchange: { [self] subject throws(TokenExchangeError) in
                let call = subjects.withLock { subjects in
                    subjects.append(subject)
                    return subjects.count - 1
                }
                return try await answer(call)
            }, limits: limits, log: log)
    }
}

extension TokenExchangeError {
    static func of(_ reason: Reason) -> TokenExchangeError {
        TokenExchangeError(reason: reason, failure: Failure(code: "test", title: "Test", detail: "A test."))
    }
}
