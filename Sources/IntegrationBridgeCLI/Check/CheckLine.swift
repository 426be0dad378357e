/// One thing that was looked at, and how it is.
struct CheckLine: Sendable, Equatable {
    enum Verdict: Sendable, Equatable {
        case ok
        /// Usable, but somebody should know.
        case warning
        case failed(ExitCode)
        /// Not looked at, because something before it failed.
        case skipped
    }

    var verdict: Verdict
    /// What was looked at.
    var subject: String
    /// How it is, or what to do.
    var detail: String

    static func ok(_ subject: String, _ detail: String) -> CheckLine {
        CheckLine(verdict: .ok, subject: subject, detail: detail)
    }

    static func warning(_ subject: String, _ detail: String) -> CheckLine {
        CheckLine(verdict: .warning, subject: subject, detail: detail)
    }

    static func failed(_ subject: String, _ error: any Error) -> CheckLine {
        CheckLine(verdict: .failed(ExitCode(error)), subject: subject, detail: ErrorText.text(of: error))
    }

    static func skipped(_ subject: String, _ detail: String) -> CheckLine {
        CheckLine(verdict: .skipped, subject: subject, detail: detail)
    }

    /// The code that the line asks for.
    var exitCode: ExitCode {
        if case .failed(let code) = verdict { code } else { .success }
    }

    func text(_ style: Style) -> String {
        let mark =
            switch verdict {
            case .ok: style.green("ok     ")
            case .warning: style.yellow("warning")
            case .failed: style.red("FAILED ")
            case .skipped: style.dim("skipped")
            }
        let subject = subject.count < 30 ? subject + String(repeating: " ", count: 30 - subject.count) : subject
        let indented = detail.split(separator: "\n", omittingEmptySubsequences: false).joined(
            separator: "\n" + String(repeating: " ", count: 39))
        return "\(mark) \(subject) \(indented)\n"
    }
}
