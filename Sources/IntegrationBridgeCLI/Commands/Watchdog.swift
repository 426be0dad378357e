internal import Dispatch
internal import IntegrationBridge

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Ends the process when an orderly end takes longer than it may.
struct Watchdog: Sendable {
    /// What the end may take.
    let limit: Duration
    let log: LogWriter

    /// Starts the clock; nothing stops it but the process's end.
    func arm() {
        let log = log
        let limit = limit
        DispatchQueue(label: "watchdog").asyncAfter(deadline: .now() + limit / .seconds(1)) {
            log.log(
                .error,
                "The bridge did not stop in time and is ended; what was not committed is read again by the next one",
                [("limit_seconds", "\(limit / .seconds(1))")])
            log.flushAndWait(timeout: .seconds(1))
            _exit(ExitCode.failure.rawValue)
        }
    }
}
