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
    public var counters: SimulatorCounters { answers.state.withLock { $0.counters } }

    /// Forgets what was counted.
    public func resetCounters() {
        answers.state.withLock { $0.counters = SimulatorCounters() }
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

    /// Changes the rate limit, from now on.
    public func setRateLimit(_ limit: SimulatorConfiguration.RateLimit) {
        answers.state.withLock { $0.rateLimit = limit }
    }
}
