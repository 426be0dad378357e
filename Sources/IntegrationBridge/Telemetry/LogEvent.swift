/// One log event: a message that is always the same for the same event, and what varies as metadata.
///
/// Neither holds a secret, a webhook URL or a record's value.
public struct LogEvent: Sendable, CustomStringConvertible {
    /// How much it matters.
    public var level: LogLevel
    /// What happened; constant text, so that events can be counted and searched for.
    public var message: String
    /// Names and values in a fixed order, such as `topic` and `partition`.
    public var metadata: [(name: String, value: String)]

    /// Level, message and metadata on one line, for hosts without a log format of their own.
    public var description: String {
        metadata.reduce("\(level.rawValue) \(message)") { "\($0) \($1.name)=\($1.value)" }
    }

    /// Creates an event.
    public init(_ level: LogLevel, _ message: StaticString, _ metadata: [(name: String, value: String)] = []) {
        self.level = level
        self.message = "\(message)"
        self.metadata = metadata
    }
}
