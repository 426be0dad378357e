/// A line of the client library's log.
public struct KafkaLogLine: Sendable, CustomStringConvertible {
    /// Syslog's levels.
    public enum Level: Int32, Sendable, Comparable {
        /// The system is unusable.
        case emergency = 0
        /// Action must be taken at once.
        case alert
        /// Critical.
        case critical
        /// An error.
        case error
        /// A warning.
        case warning
        /// Normal but significant.
        case notice
        /// Informational.
        case info
        /// Of use to those who look for a fault.
        case debug

        /// The more severe is the smaller.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    /// How severe it is.
    public let level: Level
    /// The part of the library that says it, such as `FAIL` or `PARTCNT`.
    public let facility: String
    /// The text.
    public let message: String

    /// Makes a line.
    public init(level: Level, facility: String, message: String) {
        self.level = level
        self.facility = facility
        self.message = message
    }

    /// Facility and text.
    public var description: String { "\(facility): \(message)" }
}
