internal import CURLTransport
internal import IntegrationBridge
internal import NotificationsAPI

/// Makes one call of the API: is it there, and does it accept the credentials?
struct APICheck: Sendable {
    static let subject = "Notifications API"
    let configuration: BridgeConfiguration

    init(_ configuration: BridgeConfiguration) {
        self.configuration = configuration
    }

    func run() async -> CheckLine {
        do {
            var bounded = configuration
            bounded.api.timeout = min(configuration.api.timeout, .seconds(15))
            let (transport, client, credentials) = try bounded.makeClient()
            let line = await call(client, credentials)
            await transport.shutDown(timeout: .seconds(1))
            return line
        } catch {
            return .failed(Self.subject, error)
        }
    }

    private func call(_ client: Client, _ credentials: CredentialStore) async -> CheckLine {
        do throws(BridgeError) {
            try await credentials.firstCredentials(attempts: 1)
        } catch {
            return .failed(Self.subject, error)
        }
        let start = ContinuousClock.now
        do throws(NotificationsAPIError) {
            let page = try await client.list(pageSize: 1)
            return Self.reached(configuration.api.baseURL, .now - start, page.rateLimit)
        } catch {
            return Self.line(for: error, configuration.api, .now - start)
        }
    }

    static func reached(_ url: String, _ time: Duration, _ limit: RateLimit?, _ note: String = "") -> CheckLine {
        var text = "\(url) answered in \(Int((time / .milliseconds(1)).rounded())) ms\(note)"
        if let limit = limit?.limit {
            text += "; rate limit \(NumberText.grouped(limit))"
        }
        if let remaining = limit?.remaining { text += ", \(NumberText.grouped(remaining)) left" }
        if let reset = limit?.reset { text += ", anew in \(NumberText.time(reset))" }
        return .ok(subject, text)
    }

    static func line(
        for error: NotificationsAPIError, _ api: BridgeConfiguration.API, _ time: Duration
    ) -> CheckLine {
        switch error.reason {
        case .forbidden, .notFound:
            // The list may be closed to a key that may read single integrations.
            return reached(api.baseURL, time, nil, "; the listing is not open to this key, which is no fault")
        case .rateLimited:
            return .warning(subject, "\(api.baseURL) is reached, and limits the rate right now (429)")
        case .unauthorized:
            let advice =
                switch api.auth {
                case .none: "api.auth is none; set api.auth: apiKey"
                case .apiKey: "check api.key and its secret"
                case .sts: "a token was exchanged; check what api.sts.identityPoolId may do"
                }
            return CheckLine(
                verdict: .failed(.notAuthorized), subject: subject,
                detail: "\(api.baseURL) refuses the credentials (\(error.failure.summary)): \(advice)")
        case .badRequest, .serverError, .timeout, .transport, .invalidResponse:
            return CheckLine(
                verdict: .failed(.unavailable), subject: subject,
                detail: "\(api.baseURL): \(error.reason.rawValue): \(error.failure.summary)\nIs api.baseUrl right?")
        }
    }
}
