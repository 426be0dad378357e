public import CURLTransport
internal import JSONText
internal import Synchronization

/// A client of the Notifications API.
///
/// It makes one call for each of its own: retries and pacing are the caller's.
public final class Client: Sendable {
    private let configuration: ClientConfiguration
    private let transport: any HTTPTransport
    /// The same, where it is the usual one: called without a witness, nothing is boxed and copied through its type's metadata.
    private let usualTransport: CURLTransport?
    private let redirects: RedirectRule
    private let prepared = Mutex<(credentials: Credentials, headers: HTTPRequestHeaders)?>(nil)

    /// Creates a client.
    ///
    /// - Parameters:
    ///   - configuration: the API's address, the credentials and the bounds of a call.
    ///   - transport: sends the requests, below the same base URL, and keeps ``ClientConfiguration/neededHeaders``.
    public init(configuration: ClientConfiguration, transport: any HTTPTransport) {
        self.configuration = configuration
        self.transport = transport
        usualTransport = transport as? CURLTransport
        redirects = RedirectRule(baseURL: configuration.baseURL)
    }

    // MARK: One integration

    /// Reads an integration: `GET /notifications/v1/integrations/{id}`.
    ///
    /// - Parameter id: 1 to 255 characters without control characters, and neither `.` nor `..`.
    /// - Throws: ``NotificationsAPIError`` with the API's own document, or one in its shape.
    public func integration(id: String) async throws(NotificationsAPIError) -> IntegrationDocument {
        let answer: LookupAnswer
        do throws(CancellationError) {
            answer = try await lookup(id: id)
        } catch {
            throw NotificationsAPIError(
                reason: .transport,
                failure: Failure(code: "cancelled", title: "Cancelled", detail: "The task was cancelled."), status: nil,
                requestID: nil)
        }
        switch answer.result {
        case .integration(let document): return document
        case .failure(let reason, let failure):
            throw NotificationsAPIError(
                reason: reason, failure: failure, status: answer.status, requestID: answer.requestID)
        }
    }

    /// Makes one attempt at reading an integration; whatever it comes to is an answer.
    ///
    /// - Throws: `CancellationError` where the task is cancelled or the transport shut down.
    public func lookup(id: String) async throws(CancellationError) -> LookupAnswer {
        try await lookup(id: Array(id.utf8))
    }

    /// The same for an id as UTF-8.
    package func lookup(id: [UInt8]) async throws(CancellationError) -> LookupAnswer {
        guard let target = IntegrationID.target(of: id) else {
            return LookupAnswer(
                result: .failure(
                    .badRequest,
                    Failure(
                        code: "invalid_id", title: "Invalid id",
                        detail:
                            "An integration id has 1 to 255 characters without control characters, and is not . or .."))
            )
        }
        switch try await send(target) {
        case .answer(let answer): return answer
        case .response(let response, let credentials):
            guard response.status == 200 else {
                return Self.without(credentials, in: AnswerReader.failure(response))
            }
            do throws(IntegrationDocumentError) {
                let document = try IntegrationDocument(checking: response.body, expectedID: id)
                return AnswerReader.answer(response, .integration(document))
            } catch {
                let failure = Failure(
                    code: LookupFailureReason.invalidResponse.rawValue, title: "Invalid response",
                    detail: AnswerReader.describe(error.description, response.body))
                return AnswerReader.answer(response, .failure(.invalidResponse, failure))
            }
        }
    }

    // MARK: All integrations

    /// Reads a page of the listing: `GET /notifications/v1/integrations`.
    ///
    /// - Parameters:
    ///   - pageSize: 1 to 250.
    ///   - pageToken: the token that the page before gave; none for the first page.
    /// - Throws: ``NotificationsAPIError``.
    public func list(
        pageSize: Int = 100, pageToken: String? = nil
    ) async throws(NotificationsAPIError) -> IntegrationPage {
        var target = "/notifications/v1/integrations?page_size=\(min(max(pageSize, 1), 250))"
        if let pageToken { target += "&page_token=" + QueryText.encode(pageToken) }
        let sent: Sent
        do throws(CancellationError) {
            sent = try await send(target)
        } catch {
            throw NotificationsAPIError(
                reason: .transport,
                failure: Failure(code: "cancelled", title: "Cancelled", detail: "The task was cancelled."), status: nil,
                requestID: nil)
        }
        switch sent {
        case .answer(let answer): throw AnswerReader.error(answer)
        case .response(let response, let credentials):
            guard response.status == 200 else {
                throw AnswerReader.error(Self.without(credentials, in: AnswerReader.failure(response)))
            }
            guard let page = try? JSONValue(parsing: response.body), let items = page["data"]?.elements else {
                throw NotificationsAPIError(
                    reason: .invalidResponse,
                    failure: Failure(
                        code: "invalid_response", title: "Invalid response",
                        detail: AnswerReader.describe("the answer is no page of integrations", response.body)),
                    status: 200, requestID: response.header("x-request-id"))
            }
            let next = page["metadata"]?["next"]?.string.flatMap { redirects.target(of: $0, from: target) }
            return IntegrationPage(
                items: items, nextPageToken: next.flatMap { QueryText.value(of: "page_token", in: $0) },
                rateLimit: RateLimit(response))
        }
    }

    // MARK: Calls

    /// A response with the credentials that it was asked for with, or the answer that there is without one.
    private enum Sent {
        case response(HTTPResponse, Credentials)
        case answer(LookupAnswer)
    }

    /// The answer without what it repeats of the credentials: servers do so where they refuse them.
    private static func without(_ credentials: Credentials, in answer: LookupAnswer) -> LookupAnswer {
        guard case .failure(let reason, var failure) = answer.result, [400, 401, 403].contains(answer.status) else {
            return answer
        }
        for secret in credentials.secrets { failure = TokenText.cut(failure, secret, cutsLongWords: false) }
        var answer = answer
        answer.result = .failure(reason, failure)
        return answer
    }

    /// Sends a request and follows redirects within the API's own origin, all of it within the time of one attempt.
    private func send(_ target: String) async throws(CancellationError) -> Sent {
        var target = target
        var redirected = 0
        let credentials = configuration.credentials()
        var timeout = configuration.attemptTimeout
        let deadline = ContinuousClock.now + timeout
        while true {
            let response: HTTPResponse
            do throws(HTTPTransportError) {
                let request = HTTPRequest(
                    target: target, headers: try headers(credentials), timeout: timeout,
                    maximumBodySize: configuration.maximumBodySize)
                if let usualTransport {
                    response = try await usualTransport.execute(request)
                } else {
                    response = try await transport.execute(request)
                }
            } catch {
                if error.code == .cancelled || error.code == .shutDown { throw CancellationError() }
                return .answer(AnswerReader.failure(error))
            }
            guard RedirectRule.statuses.contains(response.status) else {
                return .response(response, credentials)
            }
            guard redirected < RedirectRule.maximum else {
                let what = "yet another redirect after \(RedirectRule.maximum)"
                return .answer(AnswerReader.badRedirect(response, what))
            }
            guard let location = response.header("location"),
                let next = redirects.target(of: location, from: target)
            else {
                let what = "a redirect that does not stay on the same host over https"
                return .answer(AnswerReader.badRedirect(response, what))
            }
            target = next
            redirected += 1
            timeout = max(.milliseconds(1), deadline - .now)
        }
    }

    /// The header fields of every call, made anew only when the credentials change.
    private func headers(_ credentials: Credentials) throws(HTTPTransportError) -> HTTPRequestHeaders {
        if let known = prepared.withLock({ $0?.credentials == credentials ? $0?.headers : nil }) { return known }
        var fields = [(name: "Accept", value: "application/json")]
        if let authorization = credentials.authorization { fields.append(("Authorization", authorization)) }
        let headers = try HTTPRequestHeaders(fields)
        prepared.withLock { $0 = (credentials, headers) }
        return headers
    }
}
