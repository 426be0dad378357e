internal import Foundation
internal import JSONText
internal import MicroHTTPServer
internal import Synchronization

/// A local stand-in for the Notifications API: any id resolves to a generated Integration, and ids order faults.
public final class Simulator: Sendable {
    /// `http://host:port`
    public let baseURL: String
    /// The port that was bound.
    public var port: Int { server.port }

    private let server: HTTPServer
    private let answers: SimulatorAnswers

    /// Starts the simulated API.
    ///
    /// - Throws: an error that names host and port where they cannot be bound.
    public init(_ configuration: SimulatorConfiguration = SimulatorConfiguration()) throws {
        let answers = SimulatorAnswers(configuration)
        self.answers = answers
        server = try HTTPServer(host: configuration.host, port: configuration.port) { answers.action(for: $0) }
        let host = configuration.host == "0.0.0.0" ? "127.0.0.1" : configuration.host
        baseURL = "http://\(host):\(server.port)"
        answers.baseURL.withLock { $0 = "http://\(host):\(server.port)" }
    }

    /// Closes the port and every connection.
    public func stop() {
        server.stop()
    }

    /// What was asked for since the start.
    public var counters: SimulatorCounters { answers.state.withLock { $0.snapshot(now: .now) } }

    /// Forgets what was counted.
    public func resetCounters() {
        answers.state.withLock { $0.resetCounters(now: .now) }
    }

    /// Orders a fault of the whole API, or ends it.
    public func setOutage(_ outage: Outage?) {
        answers.state.withLock { $0.outage = outage }
    }

    /// Changes what Basic authentication must say; `nil`: nothing is checked.
    public func setCredentials(_ credentials: (key: String, secret: String)?) {
        answers.state.withLock { $0.credentials = credentials.map(SimulatorAnswers.authorization) }
    }

    /// Changes how long every answer takes.
    public func setLatency(_ latency: Duration) {
        answers.state.withLock { $0.latency = latency }
    }

    /// Changes how long tokens live at most that are issued from now on; whole seconds.
    public func setTokenLifetime(_ lifetime: Duration) {
        answers.state.withLock { $0.tokens.lifetime = lifetime }
    }

    /// Makes every token invalid that was issued before.
    public func revokeTokens() {
        answers.state.withLock { $0.tokens.revokeAll() }
    }

    /// Orders a fault of the token exchange alone, or ends it.
    public func setTokenOutage(_ outage: Outage?) {
        answers.state.withLock { $0.tokenOutage = outage }
    }

    /// Changes which subject token is exchanged; `nil`: any.
    public func setSubjectToken(_ token: String?) {
        answers.state.withLock { $0.subjectToken = token }
    }

    /// Changes the limits, from now on; what is spent stays spent, unless the limit is of another kind.
    public func setRateLimit(_ limit: SimulatorConfiguration.RateLimit) {
        answers.state.withLock { $0.limiter.change(to: limit, now: .now) }
    }
}
