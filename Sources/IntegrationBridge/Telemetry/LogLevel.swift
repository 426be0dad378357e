/// How much a log event matters, the least first.
public enum LogLevel: String, Sendable, CaseIterable, Comparable {
    /// Every record and every answer.
    case trace
    /// Decisions of the bridge.
    case debug
    /// What an operator wants to have seen happen.
    case info
    /// What will need somebody if it goes on.
    case warning
    /// What needs somebody now.
    case error

    /// Orders levels by how much they matter.
    public static func < (left: LogLevel, right: LogLevel) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .warning: 3
        case .error: 4
        }
    }
}
