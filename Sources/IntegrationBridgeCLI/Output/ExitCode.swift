/// How the process ends; the numbers are those of sysexits.h.
enum ExitCode: Int32, Sendable, Comparable {
    case success = 0
    /// The command line cannot be understood, or an input line.
    case usage = 64
    /// A broker, a topic or the API cannot be used at the moment.
    case unavailable = 69
    /// Anything else.
    case failure = 70
    /// Kafka or the API refused the credentials or a permission.
    case notAuthorized = 77
    /// The configuration cannot be used.
    case configuration = 78

    static func < (left: ExitCode, right: ExitCode) -> Bool { left.rawValue < right.rawValue }
}
