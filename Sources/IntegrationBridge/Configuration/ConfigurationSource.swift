/// Where a value was given.
public enum ConfigurationSource: Sendable, Hashable, CustomStringConvertible {
    /// By the host's own code, or nowhere.
    case code
    /// In a file; line and column count from 1.
    case file(path: String, line: Int, column: Int)
    /// In an environment variable.
    case environment(variable: String)

    /// `path:line:column`, or the variable's name.
    public var description: String {
        switch self {
        case .code: "configuration"
        case .file(let path, let line, let column): "\(path):\(line):\(column)"
        case .environment(let variable): variable
        }
    }
}
