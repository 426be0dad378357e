internal import Foundation
internal import IntegrationBridge
internal import Synchronization

/// Ends the process when an orderly end takes longer than it may, whatever blocks it.
final class Watchdog: Sendable {
    private let limit: Duration
    private let log: LogWriter
    private let stage: @Sendable () -> BridgeStage
    private let isArmed = Atomic(false)

    /// - Parameters:
    ///   - limit: what the end may take.
    ///   - stage: what the end waits for.
    init(limit: Duration, log: LogWriter, stage: @escaping @Sendable () -> BridgeStage) {
        self.limit = limit
        self.log = log
        self.stage = stage
    }

    /// Starts the clock; nothing stops it but the process's end. Later calls do nothing.
    func arm() {
        guard !isArmed.exchange(true, ordering: .relaxed) else { return }
        // A thread of its own: what blocks may have taken all others.
        let thread = Thread { [self] in
            Thread.sleep(forTimeInterval: limit / .seconds(1))
            log.log(
                .error,
                "The bridge did not stop in time and is ended; what was not committed is read again by the next one",
                [("limit_seconds", "\(limit / .seconds(1))"), ("stage", stage().rawValue)])
            log.flushAndWait(timeout: .seconds(1))
            _exit(ExitCode.failure.rawValue)
        }
        thread.name = "watchdog"
        thread.start()
    }
}
