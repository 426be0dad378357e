internal import Dispatch
internal import Foundation
internal import IntegrationBridge
internal import Synchronization

/// Writes log events, a line each, on a thread of its own: whoever logs is never held up by a slow reader.
///
/// Lines beyond a bound that nobody reads are counted instead of kept, and the count is logged later.
final class LogWriter: Sendable {
    private struct State {
        var pending: [UInt8] = []
        var isScheduled = false
        var dropped = 0
    }

    let level: LogLevel
    private let format: BridgeConfiguration.Log.Format
    private let output: any TextOutput
    private let now: @Sendable () -> Date
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "log")
    private static let maximumPendingBytes = 1 << 20

    init(
        level: LogLevel, format: BridgeConfiguration.Log.Format, output: any TextOutput,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.level = level
        self.format = format
        self.output = output
        self.now = now
    }

    /// As the configuration says.
    convenience init(_ configuration: BridgeConfiguration.Log, output: any TextOutput) {
        self.init(level: configuration.level, format: configuration.format, output: output)
    }

    /// What the bridge is given.
    var eventLog: EventLog { EventLog(level: level) { [self] in log($0) } }

    func log(_ level: LogLevel, _ message: StaticString, _ metadata: [(name: String, value: String)] = []) {
        log(LogEvent(level, message, metadata))
    }

    func log(_ event: LogEvent) {
        guard event.level >= level else { return }
        let line = Array(line(event).utf8)
        let schedules = state.withLock { state in
            guard state.pending.count + line.count <= Self.maximumPendingBytes else {
                state.dropped += 1
                return false
            }
            state.pending += line
            defer { state.isScheduled = true }
            return !state.isScheduled
        }
        if schedules { queue.async { [self] in drain() } }
    }

    /// Waits until all lines are written, or for the time given.
    func flush(timeout: Duration) async {
        let timer = DispatchQueue(label: "log-flush")
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            timer.async { [self] in
                flushAndWait(timeout: timeout)
                continuation.resume()
            }
        }
    }

    /// The same for a thread that is about to end the process.
    func flushAndWait(timeout: Duration) {
        let written = DispatchSemaphore(value: 0)
        queue.async { written.signal() }
        _ = written.wait(timeout: .now() + timeout / .seconds(1))
    }

    private func line(_ event: LogEvent) -> String {
        switch format {
        case .text: LogLine.text(event, at: now())
        case .json: LogLine.json(event, at: now())
        }
    }

    private func drain() {
        while true {
            let (bytes, dropped) = state.withLock { state in
                let taken = (state.pending, state.dropped)
                state.pending = []
                state.dropped = 0
                state.isScheduled = !taken.0.isEmpty
                return taken
            }
            if dropped > 0 {
                output.write(line(LogEvent(.warning, "Log lines were left out", [("lines", "\(dropped)")])))
            }
            if bytes.isEmpty { return }
            output.write(bytes)
        }
    }
}
