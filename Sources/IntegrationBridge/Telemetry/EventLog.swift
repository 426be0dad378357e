/// Gives log events to the host's handler, those of its level and above.
public struct EventLog: Sendable {
    /// The least level that is handed over.
    public let level: LogLevel
    private let handler: @Sendable (LogEvent) -> Void

    /// A log that goes nowhere.
    public static let silent = EventLog(level: .error) { _ in }

    /// Creates a log.
    ///
    /// - Parameters:
    ///   - level: events below it are not made.
    ///   - handler: called from any thread, so it should be quick and must not wait for the bridge.
    public init(level: LogLevel, handler: @escaping @Sendable (LogEvent) -> Void) {
        self.level = level
        self.handler = handler
    }

    func callAsFunction(
        _ level: LogLevel, _ message: StaticString,
        _ metadata: @autoclosure () -> [(name: String, value: String)] = []
    ) {
        guard level >= self.level else { return }
        handler(LogEvent(level, message, metadata()))
    }
}
