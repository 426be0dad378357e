public import CURLTransport
internal import JSONText

/// The exchange of a token of somebody's identity provider for one of the API: `POST /sts/v1/oauth2/token` (RFC 8693).
///
/// It makes one call for each of its own: when to exchange, and when to try again, is the caller's.
public struct TokenExchange: Sendable {
    private static let target = "/sts/v1/oauth2/token"
    /// What the API gives where nothing is asked for, and at most.
    private static let standardLifetime = Duration.seconds(900)
    /// No answer makes a token live longer than this: a mistake in one must not keep a dead token for years.
    private static let longestLifetime = Duration.seconds(86_400)

    private let identityPoolID: String
    private let expiresIn: Duration?
    private let timeout: Duration
    private let transport: any HTTPTransport

    /// Creates an exchange.
    ///
    /// - Parameters:
    ///   - identityPoolID: the identity pool whose rights the token gets.
    ///   - expiresIn: how long a token is asked to live, in whole seconds, 900 at most; `nil`: as long as the API gives it.
    ///   - timeout: the time for one attempt, connecting included.
    ///   - transport: sends the requests below the API's base URL, and keeps ``ClientConfiguration/neededHeaders``.
    public init(
        identityPoolID: String, expiresIn: Duration? = nil, timeout: Duration = .seconds(10),
        transport: any HTTPTransport
    ) {
        self.identityPoolID = identityPoolID
        self.expiresIn = expiresIn
        self.timeout = timeout
        self.transport = transport
    }

    /// Exchanges a subject token, a JWT, for a token of the API.
    public func token(for subjectToken: String) async throws(TokenExchangeError) -> AccessToken {
        let response: HTTPResponse
        do throws(HTTPTransportError) {
            // No Authorization: the subject token is what authenticates.
            let headers = try HTTPRequestHeaders([
                ("Accept", "application/json"), ("Content-Type", "application/x-www-form-urlencoded"),
            ])
            response = try await transport.execute(
                HTTPRequest(
                    method: .post, target: Self.target, headers: headers, body: Array(form(subjectToken).utf8),
                    timeout: timeout, maximumBodySize: 256 * 1024))
        } catch {
            throw Self.error(error)
        }
        guard response.status == 200 else { throw Self.error(response, subjectToken) }
        return try token(in: response)
    }

    private func form(_ subjectToken: String) -> String {
        var fields = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", subjectToken),
            ("identity_pool_id", identityPoolID), ("subject_token_type", "urn:ietf:params:oauth:token-type:jwt"),
            ("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
        ]
        if let expiresIn { fields.append(("expires_in", "\(max(1, expiresIn.components.seconds))")) }
        return fields.map { "\($0)=\(QueryText.encode($1))" }.joined(separator: "&")
    }

    // MARK: Answers

    private func token(in response: HTTPResponse) throws(TokenExchangeError) -> AccessToken {
        guard let json = try? JSONValue(parsing: response.body), json.members != nil else {
            throw Self.invalid(response, AnswerReader.describe("the answer is no JSON object", response.body))
        }
        guard let token = json["access_token"]?.string, Self.canBeSent(token) else {
            throw Self.invalid(response, "the answer has no access_token that can be sent as a bearer token")
        }
        if let type = json["token_type"], type.string?.lowercased() != "bearer" {
            throw Self.invalid(response, "the answer's token_type is not Bearer")
        }
        guard let lifetime = lifetime(json["expires_in"]) else {
            throw Self.invalid(response, "the answer's token has expired already, by its expires_in")
        }
        return AccessToken(token: token, expiresIn: lifetime)
    }

    /// Printable ASCII without spaces, as a header field takes it.
    private static func canBeSent(_ token: String) -> Bool {
        !token.isEmpty && token.utf8.count <= 64 * 1024 && token.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    /// The answer's value counts, a number or the text of one. Without any, the token lives as long as was asked for.
    ///
    /// - Returns: `nil` where it is over already.
    private func lifetime(_ expiresIn: JSONValue?) -> Duration? {
        let seconds: Double? =
            switch expiresIn {
            case .number(let text), .string(let text): Double(text)
            default: nil
            }
        guard let seconds, !seconds.isNaN else { return self.expiresIn ?? Self.standardLifetime }
        let lifetime = Duration.seconds(min(max(0, seconds.rounded(.down)), 1e6))
        return lifetime > .zero ? min(lifetime, Self.longestLifetime) : nil
    }

    private static func error(_ error: HTTPTransportError) -> TokenExchangeError {
        let reason: TokenExchangeError.Reason =
            switch error.code {
            case .timeout: .timeout
            case .cancelled, .shutDown: .cancelled
            case .bodyTooLarge, .invalidResponse: .invalidResponse
            default: .transport
            }
        return TokenExchangeError(
            reason: reason,
            failure: Failure(
                code: error.code.description, title: "No answer to the token exchange", detail: error.message))
    }

    private static func error(_ response: HTTPResponse, _ subjectToken: String) -> TokenExchangeError {
        let reason: TokenExchangeError.Reason
        switch response.status {
        case 400, 401, 403: reason = .refused
        case 408: reason = .timeout
        case 429: reason = .rateLimited
        case 500..<600: reason = .serverError
        case 300..<400: return invalid(response, "a redirect, which is not followed with a subject token")
        default: reason = .invalidResponse
        }
        let answer = AnswerReader.failure(response)
        guard case .failure(_, let failure) = answer.result else { return invalid(response, "an unexpected answer") }
        return TokenExchangeError(
            reason: reason, failure: TokenText.cut(failure, subjectToken), status: response.status,
            requestID: answer.requestID, retryAfter: answer.retryAfter)
    }

    private static func invalid(_ response: HTTPResponse, _ what: String) -> TokenExchangeError {
        TokenExchangeError(
            reason: .invalidResponse,
            failure: Failure(
                code: "invalid_response", title: "Invalid response to the token exchange", detail: what,
                status: response.status), status: response.status, requestID: response.header("x-request-id"))
    }
}
