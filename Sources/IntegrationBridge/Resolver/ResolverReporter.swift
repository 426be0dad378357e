internal import NotificationsAPI
internal import Synchronization

/// What of the calls is worth a log line, and how often: an outage is told when it begins, once in a while, and when it is
/// over; each failed call at debug.
struct ResolverReporter: ~Copyable, Sendable {
    private let log: EventLog
    private let failing = Mutex(TroubleLog(interval: .seconds(30)))
    private let refusing = Mutex(TroubleLog(interval: .seconds(300)))
    private let limiting = Mutex(TroubleLog(interval: .seconds(60)))
    private let hasReportedMember = Atomic(false)

    init(log: EventLog) {
        self.log = log
    }

    func report(
        _ verdict: CallVerdict<ResolvedDocument, FailedLookup>, _ answer: LookupAnswer, _ now: MonotonicInstant
    ) {
        log(
            .trace, "The API answered",
            [("status", answer.status.map { "\($0)" } ?? ""), ("request_id", answer.requestID ?? "")])
        switch verdict {
        case .retry(let failure, _):
            let metadata = [
                ("reason", failure.reason.rawValue), ("error", failure.summary), ("request_id", answer.requestID ?? ""),
            ]
            log(.debug, "A call failed", metadata)
            if case .failing(let calls) = failing.withLock({ $0.failed(now: now) }) {
                log(.warning, "Calls to the API fail", [("calls", "\(calls)")] + metadata)
            }
        case .resolved, .failed:
            if case .over(let calls) = failing.withLock({ $0.succeeded(now: now) }) {
                log(.info, "The API answers again", [("failed_calls", "\(calls)")])
            }
        case .rateLimited, .unauthorized, .callAgain: break
        }
    }

    func report(_ event: DoorEvent, _ answer: LookupAnswer, _ now: MonotonicInstant) {
        let request = ("request_id", answer.requestID ?? "")
        switch event {
        case .gateClosed(let wait):
            if case .failing(let times) = limiting.withLock({ $0.failed(now: now) }) {
                log(
                    .info, "The API's rate limit is reached; calls wait",
                    [seconds(wait), ("times", "\(times)"), request])
            }
        case .breaker(.opened(let wait)):
            log(
                .warning, "Most calls fail: the breaker is open, calls wait, records are kept",
                [seconds(wait), request])
        case .breaker(.closed):
            log(.info, "The API works again: the breaker is closed", [request])
        case .credentials(.refused(let wait)):
            if case .failing = refusing.withLock({ $0.failed(now: now) }) {
                log(.error, "The API refused the credentials; calls wait, records are kept", [seconds(wait), request])
            }
        case .credentials(.accepted):
            refusing.withLock { $0 = TroubleLog(interval: .seconds(300)) }
            log(.info, "The API accepts the credentials again", [request])
        }
    }

    func reportReplacedMember(_ answer: LookupAnswer) {
        // An API that has it in one document has it in all.
        let isFirst = !hasReportedMember.exchange(true, ordering: .relaxed)
        log(
            isFirst ? .warning : .debug, "A document's own member 'lookup' gave way to the bridge's",
            [("request_id", answer.requestID ?? "")])
    }

    private func seconds(_ wait: Duration) -> (String, String) {
        ("seconds", "\(Int((wait / .seconds(1)).rounded(.up)))")
    }
}
