internal import CLibCURL
internal import Dispatch
internal import Foundation
internal import Synchronization

/// The thread that runs the transfers, and the jobs of tasks that prefer it.
///
/// `@unchecked Sendable`: `inbox` and `owner` are for all threads; what stands under "Of the loop's thread" is touched by that
/// thread alone, and before it starts by the initializer.
final class TransferLoop: TaskExecutor, @unchecked Sendable {
    enum Command {
        case start(Transfer, UnsafeContinuation<Transfer.Outcome, Never>)
        case cancel(Transfer)
    }

    struct Inbox {
        var jobs: [UnownedJob] = []
        var commands: [Command] = []
        var isStopping = false
        var isEnded = false
        var isSignalled = false
        var waiters: [@Sendable () -> Void] = []
    }

    private static let isInitialized = ib_curl_global_init() == CURLE_OK

    let inbox = Mutex(Inbox())
    private let owner = Atomic<UInt>(0)
    private let configuration: CURLTransportConfiguration
    private let endpoint: String
    private let multi: UnsafeMutableRawPointer

    // Of the loop's thread.
    /// Unchecked, as each change is over before anything else is called.
    @exclusivity(unchecked)
    private var jobs: [UnownedJob] = []
    private let keptFields: KeptFields
    /// All handles, and those that no transfer uses.
    private var handles: [EasyHandle] = []
    @exclusivity(unchecked)
    private var idle: [EasyHandle] = []
    private var waiting: [Transfer] = []
    private var headerLists: [ObjectIdentifier: HeaderList] = [:]
    private var lastHeaders: HeaderList?
    private var isEnding = false

    init(_ configuration: CURLTransportConfiguration) throws(HTTPTransportError) {
        endpoint = try BaseURL(configuration.baseURL).endpoint
        guard configuration.maximumConnections > 0 else {
            throw HTTPTransportError(code: .invalidRequest, message: "maximumConnections must be 1 or more")
        }
        if let file = configuration.caFile { try Self.checkCAFile(file) }
        guard Self.isInitialized, let multi = curl_multi_init() else {
            throw HTTPTransportError(code: .invalidRequest, message: "libcurl cannot be initialized")
        }
        self.configuration = configuration
        self.multi = multi
        keptFields = KeptFields(configuration.keptHeaders)
        _ = ib_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, configuration.maximumConnections + 8)
        do throws(HTTPTransportError) {
            handles = [try EasyHandle(configuration, keptFields: keptFields)]
            idle = handles
        } catch {
            curl_multi_cleanup(multi)
            throw error
        }
        let thread = Thread { [self] in run() }
        thread.name = "http-transport"
        thread.start()
    }

    /// libcurl looks at the file only when it connects.
    private static func checkCAFile(_ file: String) throws(HTTPTransportError) {
        do {
            guard try Data(contentsOf: URL(fileURLWithPath: file)).isEmpty else { return }
        } catch {
            throw HTTPTransportError(
                code: .tls, message: "the CA file '\(file)' cannot be read: \(error.localizedDescription)")
        }
        throw HTTPTransportError(
            code: .tls, message: "the CA file '\(file)' is empty: it must hold certificates in PEM")
    }

    private static var currentThread: UInt { UInt(pthread_self()) }
    private var isOnOwnThread: Bool { owner.load(ordering: .relaxed) == Self.currentThread }

    // MARK: - From any thread

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if isOnOwnThread {
            jobs.append(job)
            return
        }
        let isEnded = post { $0.jobs.append(job) }
        // A job that is dropped would hang its task for ever.
        if isEnded { DispatchQueue.global().async { job.runSynchronously(on: self.asUnownedTaskExecutor()) } }
    }

    func submit(_ command: Command) {
        if isOnOwnThread {
            perform(command)
        } else if post({ $0.commands.append(command) }), case .start(_, let continuation) = command {
            continuation.resume(returning: .failure(ended))
        }
    }

    /// Asks the thread to end; `completion` is called once it has.
    func stop(_ completion: @escaping @Sendable () -> Void) {
        if post({
            $0.isStopping = true; $0.waiters.append(completion)
        }) {
            completion()
        }
    }

    /// Changes the inbox and wakes the thread once for many changes; true where the thread has ended.
    private func post(_ change: (inout sending Inbox) -> Void) -> Bool {
        inbox.withLock { inbox in
            if inbox.isEnded { return true }
            change(&inbox)
            if !inbox.isSignalled {
                inbox.isSignalled = true
                // Under the lock, for the multi handle is freed only after `isEnded` is set under it.
                curl_multi_wakeup(multi)
            }
            return false
        }
    }

    // MARK: - On the loop's thread

    private func run() {
        owner.store(Self.currentThread, ordering: .relaxed)
        while true {
            let (posted, commands, isStopping) = inbox.withLock { inbox in
                let taken = (inbox.jobs, inbox.commands, inbox.isStopping)
                inbox.jobs.removeAll(keepingCapacity: true)
                inbox.commands.removeAll(keepingCapacity: true)
                inbox.isSignalled = false
                return taken
            }
            jobs.append(contentsOf: posted)
            for command in commands { perform(command) }
            runJobs()
            if isStopping { break }
            expireWaiting()
            var count: Int32 = 0
            curl_multi_perform(multi, &count)
            collect()
            if jobs.isEmpty { curl_multi_poll(multi, nil, 0, pollTimeout, nil) }
        }
        end()
    }

    /// Runs the jobs that are there now; those that they add wait for the transfers' turn.
    private func runJobs() {
        let batch = jobs
        jobs.removeAll(keepingCapacity: true)
        for job in batch { job.runSynchronously(on: asUnownedTaskExecutor()) }
    }

    private var pollTimeout: Int32 {
        guard let first = waiting.lazy.compactMap(\.deadline).min() else { return 60_000 }
        return Int32(clamping: min(60_000, max(0, (first - .now).milliseconds + 1)))
    }

    private func perform(_ command: Command) {
        switch command {
        case .start(let transfer, let continuation):
            transfer.continuation = continuation
            if isEnding {
                finish(transfer, .failure(ended))
            } else if transfer.isCancelled {
                finish(transfer, .failure(cancelled))
            } else if runningCount < configuration.maximumConnections {
                start(transfer, timeout: transfer.request.timeout)
            } else {
                transfer.deadline = .now + transfer.request.timeout
                waiting.append(transfer)
            }
        case .cancel(let transfer):
            transfer.isCancelled = true
            guard transfer.continuation != nil else { return }
            waiting.removeAll { $0 === transfer }
            if let easy = transfer.easy { release(easy) }
            finish(transfer, .failure(cancelled))
            startWaiting()
        }
    }

    private var runningCount: Int { handles.count - idle.count }

    private func start(_ transfer: Transfer, timeout: Duration) {
        guard timeout > .zero else { return finish(transfer, .failure(timedOut)) }
        let easy: EasyHandle
        if let kept = idle.popLast() {
            easy = kept
        } else {
            do throws(HTTPTransportError) {
                easy = try EasyHandle(configuration, keptFields: keptFields)
                handles.append(easy)
            } catch {
                return finish(transfer, .failure(error))
            }
        }
        easy.transfer = transfer
        transfer.easy = easy
        guard easy.prepare(transfer, headers: headerList(transfer.request.headers), timeout: timeout) else {
            release(easy)
            let message = "the request to \(endpoint) cannot be sent: its target or body is not usable"
            return finish(transfer, .failure(HTTPTransportError(code: .invalidRequest, message: message)))
        }
        guard curl_multi_add_handle(multi, easy.handle) == CURLM_OK else {
            release(easy)
            let message = "no connection to \(endpoint): libcurl takes no further transfer"
            return finish(transfer, .failure(HTTPTransportError(code: .connect, message: message)))
        }
    }

    private func startWaiting() {
        let count = min(waiting.count, configuration.maximumConnections - runningCount)
        guard count > 0 else { return }
        let next = Array(waiting.prefix(count))
        waiting.removeFirst(count)
        for transfer in next {
            start(transfer, timeout: (transfer.deadline ?? .now) - .now)
        }
    }

    private func expireWaiting() {
        guard !waiting.isEmpty else { return }
        let now = ContinuousClock.now
        let expired = waiting.filter { ($0.deadline ?? now) <= now }
        guard !expired.isEmpty else { return }
        waiting.removeAll { ($0.deadline ?? now) <= now }
        for transfer in expired { finish(transfer, .failure(timedOut)) }
    }

    /// Takes everything that has ended off libcurl first, then resumes the callers.
    private func collect() {
        var done: [(Transfer, Transfer.Outcome)] = []
        var code = CURLE_OK
        while let handle = ib_curl_next_done(multi, &code) {
            guard let easy = EasyHandle.of(ib_curl_private(handle)), let transfer = easy.transfer else { continue }
            done.append((transfer, outcome(of: easy, code)))
            release(easy)
        }
        guard !done.isEmpty else { return }
        if !waiting.isEmpty { startWaiting() }
        for (transfer, outcome) in done { finish(transfer, outcome) }
    }

    private func outcome(of easy: EasyHandle, _ code: CURLcode) -> Transfer.Outcome {
        guard code == CURLE_OK else {
            let isTooLarge = easy.isTooLarge
            var head = easy.takeResponse()
            head?.body = []
            return .failure(.init(code, isTooLarge: isTooLarge, head: head, endpoint: endpoint))
        }
        return easy.takeResponse().map { .success($0) }
            ?? .failure(.init(CURLE_WEIRD_SERVER_REPLY, isTooLarge: false, head: nil, endpoint: endpoint))
    }

    private func release(_ easy: EasyHandle) {
        curl_multi_remove_handle(multi, easy.handle)
        easy.transfer?.easy = nil
        easy.transfer = nil
        idle.append(easy)
    }

    private func finish(_ transfer: Transfer, _ outcome: Transfer.Outcome) {
        let continuation = transfer.continuation
        transfer.continuation = nil
        continuation?.resume(returning: outcome)
    }

    private func headerList(_ headers: HTTPRequestHeaders) -> HeaderList {
        if let lastHeaders, lastHeaders.source === headers { return lastHeaders }
        let list = knownHeaderList(headers)
        lastHeaders = list
        return list
    }

    private func knownHeaderList(_ headers: HTTPRequestHeaders) -> HeaderList {
        if let list = headerLists[ObjectIdentifier(headers)] { return list }
        if headerLists.count >= 16 { headerLists.removeAll() }
        let list = HeaderList(headers, configuration)
        headerLists[ObjectIdentifier(headers)] = list
        return list
    }

    private func end() {
        isEnding = true
        let left = handles.compactMap(\.transfer) + waiting
        for easy in handles where easy.transfer != nil { release(easy) }
        waiting = []
        for transfer in left { finish(transfer, .failure(ended)) }
        while !jobs.isEmpty { runJobs() }
        idle = []
        handles = []
        headerLists = [:]
        lastHeaders = nil
        let (posted, commands, waiters) = inbox.withLock { inbox in
            inbox.isEnded = true
            return (inbox.jobs, inbox.commands, inbox.waiters)
        }
        owner.store(0, ordering: .relaxed)
        curl_multi_cleanup(multi)
        for case .start(_, let continuation) in commands { continuation.resume(returning: .failure(ended)) }
        for job in posted { job.runSynchronously(on: asUnownedTaskExecutor()) }
        for waiter in waiters { waiter() }
    }

    private var cancelled: HTTPTransportError {
        .init(code: .cancelled, message: "the request to \(endpoint) was cancelled")
    }
    private var ended: HTTPTransportError {
        .init(code: .shutDown, message: "the transport to \(endpoint) is shut down")
    }
    private var timedOut: HTTPTransportError {
        .init(code: .timeout, message: "no answer from \(endpoint) in time, waiting for a free connection included")
    }
}
